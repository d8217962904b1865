/* The system calls: a function for each row of calls.def, from the process and its four
 * arguments to a result.  Whatever a process gives is checked here.  What a call changes
 * on the disk counts when it has succeeded, and not at all if it fails.
 */

#include "kernel.h"

typedef int32_t call_function(struct process *p, const uint32_t *a);

#define CALL(number, name, arguments, does) static call_function call_##name;
#include "calls.def"

/* ---- arguments ----------------------------------------------------------- */

static struct file *open_file(const struct process *p, uint32_t fd) { return fd < FILES_EACH ? p->files[fd] : NULL; }

static int32_t free_descriptor(const struct process *p)
{
	for (int32_t fd = 0; fd < FILES_EACH; fd++)
		if (!p->files[fd])
			return fd;
	return -EMFILE;
}

/* ---- processes ----------------------------------------------------------- */

static int32_t call_exit(struct process *p, const uint32_t *a)
{
	process_end(p, (int32_t)(a[0] & 0xFF));
	return 0;
}

static int32_t call_fork(struct process *p, const uint32_t *a)
{
	(void)a;
	struct process *child = jail_may_fork(p->jail) ? process_new(p->jail) : NULL;
	if (!child)
		return -EAGAIN;
	if (!jail_may_have(p->jail, p->size) || !storage_take(child, p->size)) {
		child->state = PROCESS_NONE;
		return -ENOMEM;
	}
	memcpy((void *)(uintptr_t)child->base, (void *)(uintptr_t)p->base, p->size);
	child->parent = p;
	child->group = p->group;
	child->heap = p->heap;
	child->where = p->where;
	child->context = p->context;
	child->context.psw.pc += 4;
	child->context.x[10] = 0;
	memcpy(child->name, p->name, sizeof(child->name));
	memcpy(child->files, p->files, sizeof(child->files));
	for (int i = 0; i < FILES_EACH; i++)
		if (child->files[i])
			child->files[i]->users++;
	return process_number(child, p);
}

/* Copies argv's texts; how many bytes, or below 0. */
static int32_t copy_arguments(struct process *p, uint32_t argv, char *to, uint32_t *n)
{
	uint32_t used = 0;
	for (*n = 0;; ++*n) {
		const uint32_t *word = process_bytes(p, argv + 4 * *n, 4);
		if (!word)
			return -EFAULT;
		if (!*word)
			return (int32_t)used;
		const char *text = process_string(p, *word);
		if (!text)
			return -EFAULT;
		size_t bytes = strlen(text) + 1;
		if (bytes > ARGUMENTS_MOST - used)
			return -E2BIG;
		memcpy(to + used, text, bytes);
		used += (uint32_t)bytes;
	}
}

static int32_t call_exec(struct process *p, const uint32_t *a)
{
	char path[128], arguments[ARGUMENTS_MOST];
	uint32_t n;
	const char *text = process_string(p, a[0]);
	if (!text)
		return -EFAULT;
	if (strlen(text) >= sizeof(path))
		return -ENAMETOOLONG;
	memcpy(path, text, strlen(text) + 1);
	int32_t bytes = copy_arguments(p, a[1], arguments, &n);
	return bytes < 0 ? bytes : exec(p, path, arguments, (uint32_t)bytes, n);
}

static int32_t call_wait(struct process *p, const uint32_t *a)
{
	int32_t *code = process_bytes(p, a[0], sizeof(*code));
	bool any = false;
	if (!code)
		return -EFAULT;
	for (struct process *child = processes; child < processes + PROCESSES; child++) {
		if (child->state == PROCESS_NONE || child->parent != p)
			continue;
		any = true;
		if (child->state == PROCESS_ENDED) {
			*code = child->code;
			child->state = PROCESS_NONE;
			return process_number(child, p);
		}
	}
	if (!any)
		return -ECHILD;
	process_wait(p, p, 0);
	return CALL_WAITS;
}

static int32_t call_kill(struct process *p, const uint32_t *a)
{
	struct process *other = process_find(p, (int32_t)a[0]);
	if (!other)
		return -ESRCH;
	if (other->pid == 1 && other->jail == p->jail)
		return -EPERM;
	process_end(other, KILLED);
	return 0;
}

static int32_t call_getpid(struct process *p, const uint32_t *a) { return (void)a, process_number(p, p); }

static int32_t call_group(struct process *p, const uint32_t *a)
{
	(void)a;
	p->group = p->number;
	return 0;
}

static void describe(const struct process *p, const struct process *to, struct process_status *status)
{
	*status = (struct process_status){ .pid = process_number(p, to), .base = p->base,
		.parent = p->parent ? process_number(p->parent, to) : 0,
		.size = p->size, .ran = p->ran, .waiting = p->state == PROCESS_WAITING };
	memcpy(status->name, p->name, sizeof(status->name));
}

static int32_t call_processes(struct process *p, const uint32_t *a)
{
	uint32_t n = 0, most = a[1] < PROCESSES ? a[1] : PROCESSES;
	struct process_status *table = process_bytes(p, a[0], most * (uint32_t)sizeof(*table));
	if (!table)
		return -EFAULT;
	for (const struct process *each = processes; each < processes + PROCESSES && n < most; each++)
		if ((each->state == PROCESS_READY || each->state == PROCESS_WAITING) && process_number(each, p))
			describe(each, p, &table[n++]);
	return (int32_t)n;
}

enum { HEAP_MOST = 1 << 24 };

static int32_t call_sbrk(struct process *p, const uint32_t *a)
{
	int32_t more = (int32_t)a[0];
	uint32_t old = p->heap;
	if (more < -(int32_t)old || more > HEAP_MOST)
		return -ENOMEM;
	if (more > 0 && (!jail_may_have(p->jail, (uint32_t)more) || !storage_resize(p, old + (uint32_t)more)))
		return -ENOMEM;
	p->heap = old + (uint32_t)more;
	return (int32_t)old;
}

/* ---- time ---------------------------------------------------------------- */

static int32_t call_clock(struct process *p, const uint32_t *a)
{
	uint64_t now = stck();
	void *to = process_bytes(p, a[0], sizeof(now));
	if (!to)
		return -EFAULT;
	memcpy(to, &now, sizeof(now));
	return 0;
}

static int32_t call_sleep(struct process *p, const uint32_t *a)
{
	uint64_t until;
	const void *from = process_bytes(p, a[0], sizeof(until));
	if (!from)
		return -EFAULT;
	memcpy(&until, from, sizeof(until));
	if (stck() >= until)
		return 0;
	process_wait(p, NULL, until);
	return CALL_WAITS;
}

/* ---- files --------------------------------------------------------------- */

/* The inode that open is to open, made or emptied if asked for. */
static int32_t find_or_make(const struct process *p, const char *path, uint32_t flags)
{
	struct file_status status;
	int32_t inode = name_find(&p->where, path);
	if (inode == -ENOENT && flags & OPEN_CREATE)
		return name_make(&p->where, path, TYPE_FILE);
	if (inode < 0)
		return inode;
	fs_status((uint32_t)inode, &status);
	if (status.type == TYPE_DIRECTORY && flags & (OPEN_WRITE | OPEN_TRUNCATE))
		return -EISDIR;
	if (flags & OPEN_TRUNCATE)
		fs_truncate((uint32_t)inode);
	return inode;
}

static int32_t call_open(struct process *p, const uint32_t *a)
{
	const char *path = process_string(p, a[0]);
	struct file_status status;
	int32_t fd = free_descriptor(p), inode = !path ? -EFAULT : fd < 0 ? fd : find_or_make(p, path, a[1]);
	if (inode < 0)
		return inode;
	fs_status((uint32_t)inode, &status);
	struct file *file = file_new((enum file_type)status.type, a[1]);
	if (!file)
		return -ENFILE;
	file->inode = (uint32_t)inode;
	p->files[fd] = file;
	return fd;
}

static int32_t call_close(struct process *p, const uint32_t *a)
{
	struct file *file = open_file(p, a[0]);
	if (!file)
		return -EBADF;
	p->files[a[0]] = NULL;
	file_close(file);
	return 0;
}

static int32_t call_read(struct process *p, const uint32_t *a)
{
	struct file *file = open_file(p, a[0]);
	void *to = process_bytes(p, a[1], a[2]);
	return !file ? -EBADF : !to ? -EFAULT : file_read(p, file, to, a[2]);
}

static int32_t call_write(struct process *p, const uint32_t *a)
{
	struct file *file = open_file(p, a[0]);
	const void *from = process_bytes(p, a[1], a[2]);
	return !file ? -EBADF : !from ? -EFAULT : file_write(p, file, from, a[2]);
}

static int32_t call_seek(struct process *p, const uint32_t *a)
{
	struct file *file = open_file(p, a[0]);
	struct file_status status;
	if (!file)
		return -EBADF;
	if (!file->inode)
		return -ESPIPE;
	fs_status(file->inode, &status);
	uint32_t from[] = { 0, file->at, status.size }; /* SEEK_SET, SEEK_CUR, SEEK_END */
	if (a[2] > 2 || (int64_t)from[a[2]] + (int32_t)a[1] < 0 || (int64_t)from[a[2]] + (int32_t)a[1] > INT32_MAX)
		return -EINVAL;
	file->at = from[a[2]] + a[1];
	return (int32_t)file->at;
}

static int32_t call_dup(struct process *p, const uint32_t *a)
{
	struct file *file = open_file(p, a[0]);
	int32_t to = (int32_t)a[1] < 0 ? free_descriptor(p) : (int32_t)a[1];
	if (!file || to >= FILES_EACH)
		return -EBADF;
	if (to < 0 || p->files[to] == file)
		return to;
	if (p->files[to])
		file_close(p->files[to]);
	p->files[to] = file;
	file->users++;
	return to;
}

static int32_t call_pipe(struct process *p, const uint32_t *a)
{
	struct file *ends[2];
	int32_t *fds = process_bytes(p, a[0], 2 * sizeof(*fds));
	int32_t error = fds ? file_pipe(ends) : -EFAULT;
	for (int i = 0; i < 2 && !error; i++) {
		fds[i] = free_descriptor(p);
		if (fds[i] >= 0) {
			p->files[fds[i]] = ends[i];
			continue;
		}
		error = fds[i];
		if (i == 1)
			p->files[fds[0]] = NULL;
		file_close(ends[0]);
		file_close(ends[1]);
	}
	return error;
}

static int32_t tell(struct process *p, uint32_t to, const struct file_status *status)
{
	void *bytes = process_bytes(p, to, sizeof(*status));
	if (!bytes)
		return -EFAULT;
	memcpy(bytes, status, sizeof(*status));
	return 0;
}

static int32_t call_stat(struct process *p, const uint32_t *a)
{
	struct file_status status;
	const char *path = process_string(p, a[0]);
	int32_t inode = path ? name_find(&p->where, path) : -EFAULT;
	if (inode < 0)
		return inode;
	fs_status((uint32_t)inode, &status);
	return tell(p, a[1], &status);
}

static int32_t call_fstat(struct process *p, const uint32_t *a)
{
	struct file *file = open_file(p, a[0]);
	if (!file)
		return -EBADF;
	struct file_status status = { .type = file->type, .links = 1 };
	if (file->inode)
		fs_status(file->inode, &status);
	return tell(p, a[1], &status);
}

static int32_t call_mkdir(struct process *p, const uint32_t *a)
{
	const char *path = process_string(p, a[0]);
	int32_t inode = path ? name_make(&p->where, path, TYPE_DIRECTORY) : -EFAULT;
	return inode < 0 ? inode : 0;
}

static int32_t call_link(struct process *p, const uint32_t *a)
{
	const char *path = process_string(p, a[0]), *new = process_string(p, a[1]);
	return path && new ? name_link(&p->where, path, new) : -EFAULT;
}

static int32_t call_unlink(struct process *p, const uint32_t *a)
{
	const char *path = process_string(p, a[0]);
	return path ? name_unlink(&p->where, path) : -EFAULT;
}

static int32_t call_rename(struct process *p, const uint32_t *a)
{
	const char *path = process_string(p, a[0]), *new = process_string(p, a[1]);
	return path && new ? name_rename(&p->where, path, new) : -EFAULT;
}

static int32_t call_chdir(struct process *p, const uint32_t *a)
{
	struct file_status status;
	const char *path = process_string(p, a[0]);
	int32_t inode = path ? name_find(&p->where, path) : -EFAULT;
	if (inode < 0)
		return inode;
	fs_status((uint32_t)inode, &status);
	if (status.type != TYPE_DIRECTORY)
		return -ENOTDIR;
	p->where.directory = (uint32_t)inode;
	return 0;
}

/* ---- the machine --------------------------------------------------------- */

static int32_t call_terminal(struct process *p, const uint32_t *a)
{
	if (a[0] > TERMINAL_BYTES)
		return -EINVAL;
	return terminal_set((enum terminal_mode)a[0], p) ? 0 : -EPERM;
}

static int32_t call_halt(struct process *p, const uint32_t *a)
{
	if (p->jail != jail_outside)
		return -EPERM;
	halt(a[0]);
}

/* Nothing that is open leads out of it: files 0 to 2 stay, if they are no directories. */
static void close_doors(struct process *p)
{
	for (int fd = 0; fd < FILES_EACH; fd++)
		if (p->files[fd] && (fd > 2 || p->files[fd]->type == TYPE_DIRECTORY)) {
			file_close(p->files[fd]);
			p->files[fd] = NULL;
		}
}

static int32_t call_jail(struct process *p, const uint32_t *a)
{
	const char *path = process_string(p, a[0]);
	const struct jail_limits *limits = process_bytes(p, a[1], sizeof(*limits));
	struct file_status status;
	int32_t inode = path && limits ? name_find(&p->where, path) : -EFAULT;
	if (inode < 0)
		return inode;
	fs_status((uint32_t)inode, &status);
	if (status.type != TYPE_DIRECTORY)
		return -ENOTDIR;
	if (p->jail != jail_outside || p == processes)
		return -EPERM;
	struct jail *jail = jail_new(limits);
	if (!jail)
		return -EAGAIN;
	close_doors(p);
	p->jail = jail;
	p->pid = jail->last_pid = 1;
	p->where = (struct where){ (uint32_t)inode, (uint32_t)inode };
	terminal_enters(p);
	return 0;
}

/* Its guest runs from the next schedule on; the call is done when guest_leave says so. */
static int32_t call_guest_run(struct process *p, const uint32_t *a)
{
	const struct guest_state *guest = process_bytes(p, a[0], sizeof(*guest));
	if (!guest)
		return -EFAULT;
	if (guest->psw.base > p->size || a[0] == 0)
		return -EINVAL;
	uint32_t room = p->size - guest->psw.base;
	p->guest = a[0];
	p->guest_base = guest->psw.base & ~UINT32_C(3);
	p->guest_bound = guest->psw.bound < room ? guest->psw.bound : room;
	p->guest_timed = guest->psw.status & STATUS_TE;
	p->guest_left = guest->psw.timer;
	p->guest_context.psw.pc = guest->psw.pc & ~UINT32_C(3);
	memcpy(p->guest_context.x, guest->x, sizeof(guest->x));
	if (p->guest_timed && p->guest_left == 0)
		guest_leave(p, CAUSE_TIMER, 0);
	return CALL_WAITS;
}

void guest_leave(struct process *p, uint32_t cause, uint32_t tval)
{
	struct guest_state *guest = process_bytes(p, p->guest, sizeof(*guest));
	memcpy(guest->x, p->guest_context.x, sizeof(guest->x));
	guest->psw.pc = p->guest_context.psw.pc;
	if (p->guest_timed)
		guest->psw.timer = p->guest_left;
	guest->cause = cause;
	guest->tval = tval;
	p->guest = 0;
	p->context.x[10] = 0;
	p->context.psw.pc += 4;
}

/* ---- all of them --------------------------------------------------------- */

static call_function *const calls[CALLS] = {
#define CALL(number, name, arguments, does) [number] = call_##name,
#include "calls.def"
};

void call_carry_out(struct process *p)
{
	uint32_t *x = p->context.x, number = x[17], arguments[4] = { x[10], x[11], x[12], x[13] };
	bool execs = number == CALL_exec;
	jail_pays(p->jail);
	int32_t result = number < CALLS && calls[number] ? calls[number](p, arguments) : -ENOSYS;
	if (result == CALL_WAITS)
		return;
	if (result < 0) {
		log_abort();
	} else {
		log_commit();
		jail_settle();
	}
	if (p->state == PROCESS_ENDED || (execs && result == 0))
		return;
	x[10] = (uint32_t)result;
	p->context.psw.pc += 4;
}
