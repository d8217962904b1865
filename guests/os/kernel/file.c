/* Open files: of the disk, the terminal, and pipes.  Called by calls.c. */

#include "kernel.h"

enum { FILES = 64, PIPES = 12, PIPE_BYTES = 512 };

static struct file files[FILES];

static struct pipe {
	unsigned readers, writers; /* both 0: free */
	uint32_t first, n;         /* n bytes from first, round the end */
	char bytes[PIPE_BYTES];
} pipes[PIPES];

struct file *file_new(enum file_type type, unsigned flags)
{
	for (struct file *f = files; f < files + FILES; f++)
		if (f->users == 0) {
			*f = (struct file){ .users = 1, .type = type, .flags = flags };
			return f;
		}
	return NULL;
}

bool file_inode_used(uint32_t inode)
{
	for (struct file *f = files; f < files + FILES; f++)
		if (f->users > 0 && f->inode == inode)
			return true;
	return false;
}

static void close_pipe(struct pipe *pipe, unsigned flags)
{
	if (flags & OPEN_READ)
		pipe->readers--;
	if (flags & OPEN_WRITE)
		pipe->writers--;
	process_wake(pipe);
}

void file_close(struct file *file)
{
	uint32_t inode = file->inode;
	if (--file->users > 0)
		return;
	file->inode = 0;
	if (file->pipe)
		close_pipe(file->pipe, file->flags);
	if (inode)
		fs_drop(inode);
}

/* ---- pipes --------------------------------------------------------------- */

static struct pipe *pipe_new(void)
{
	for (struct pipe *pipe = pipes; pipe < pipes + PIPES; pipe++)
		if (pipe->readers == 0 && pipe->writers == 0) {
			*pipe = (struct pipe){ .readers = 1, .writers = 1 };
			return pipe;
		}
	return NULL;
}

int32_t file_pipe(struct file *ends[2])
{
	struct pipe *pipe = pipe_new();
	ends[0] = pipe ? file_new(TYPE_PIPE, OPEN_READ) : NULL;
	ends[1] = ends[0] ? file_new(TYPE_PIPE, OPEN_WRITE) : NULL;
	if (ends[1]) {
		ends[0]->pipe = ends[1]->pipe = pipe;
		return 0;
	}
	if (ends[0])
		ends[0]->users = 0;
	if (pipe)
		*pipe = (struct pipe){ 0 };
	return -ENFILE;
}

static int32_t pipe_read(struct process *p, struct pipe *pipe, char *to, uint32_t n)
{
	uint32_t i = 0;
	if (pipe->n == 0 && pipe->writers > 0 && n > 0) {
		process_wait(p, pipe, 0);
		return CALL_WAITS;
	}
	for (; i < n && pipe->n > 0; i++, pipe->n--) {
		to[i] = pipe->bytes[pipe->first];
		pipe->first = (pipe->first + 1) % PIPE_BYTES;
	}
	process_wake(pipe);
	return (int32_t)i;
}

static int32_t pipe_write(struct process *p, struct pipe *pipe, const char *from, uint32_t n)
{
	uint32_t i = 0;
	if (pipe->readers == 0)
		return -EPIPE;
	if (pipe->n == PIPE_BYTES && n > 0) {
		process_wait(p, pipe, 0);
		return CALL_WAITS;
	}
	for (; i < n && pipe->n < PIPE_BYTES; i++, pipe->n++)
		pipe->bytes[(pipe->first + pipe->n) % PIPE_BYTES] = from[i];
	process_wake(pipe);
	return (int32_t)i;
}

/* ---- all kinds ----------------------------------------------------------- */

int32_t file_read(struct process *p, struct file *file, void *to, uint32_t n)
{
	if (!(file->flags & OPEN_READ))
		return -EBADF;
	if (file->type == TYPE_TERMINAL)
		return terminal_read(p, to, n);
	if (file->type == TYPE_PIPE)
		return pipe_read(p, file->pipe, to, n);
	int32_t done = fs_read(file->inode, file->at, to, n);
	file->at += (uint32_t)done;
	return done;
}

static int32_t write_disk(struct file *file, const void *from, uint32_t n)
{
	if (file->flags & OPEN_APPEND) {
		struct file_status status;
		fs_status(file->inode, &status);
		file->at = status.size;
	}
	int32_t done = fs_write(file->inode, file->at, from, n);
	if (done > 0)
		file->at += (uint32_t)done;
	return done;
}

int32_t file_write(struct process *p, struct file *file, const void *from, uint32_t n)
{
	if (!(file->flags & OPEN_WRITE))
		return -EBADF;
	if (file->type == TYPE_PIPE)
		return pipe_write(p, file->pipe, from, n);
	if (file->type != TYPE_TERMINAL)
		return write_disk(file, from, n);
	terminal_write(from, n);
	return (int32_t)n;
}
