/* The terminal: console line 0.  What is typed waits in a queue, unseen, until a process
 * reads.  In lines it is then shown, can be rubbed out, and goes to the process a line at a
 * time; in bytes the process gets it as it came.  Ctrl-C in lines ends the group in
 * front, whether it reads or not.
 */

#include "kernel.h"

enum { QUEUE = 256, CTRL_C = 3, CTRL_D = 4, BACKSPACE = 8, CTRL_U = 21, CTRL_W = 23, DELETE = 127, INTERRUPTED = 130 };

static struct {
	enum terminal_mode mode;
	int32_t group;                /* in front, */
	const struct jail *jail;      /* and where that is */
	char queue[QUEUE];            /* typed, not looked at: n from first on, round the end */
	uint32_t first, n;
	char line[QUEUE];             /* being edited; then, once complete, being read */
	uint32_t length, read;
	bool complete, after_cr;
} terminal;

static uint32_t sio_line(uint32_t command, const void *bytes, uint32_t n)
{
	struct command_block block = { DEVICE_CONSOLE, command, 0, (uint32_t)(uintptr_t)bytes, n, 0 };
	sio(&block);
	return block.result;
}

void terminal_write(const void *from, uint32_t n) { sio_line(CONSOLE_WRITE, from, n); }

/* ---- the queue ----------------------------------------------------------- */

static void interrupt(void)
{
	terminal_write("^C\n", 3);
	terminal.length = 0;
	process_end_group(terminal.group, INTERRUPTED);
}

static void enqueue(char c)
{
	if (c == CTRL_C && terminal.mode == TERMINAL_LINES)
		interrupt();
	else
		terminal.queue[(terminal.first + terminal.n++) % QUEUE] = c;
}

static char dequeue(void)
{
	char c = terminal.queue[terminal.first];
	terminal.first = (terminal.first + 1) % QUEUE;
	terminal.n--;
	return c;
}

/* Fetches what has come, as far as there is room, and asks to be told of more. */
void terminal_poll(void)
{
	char c;
	sio_line(CONSOLE_DISARM, NULL, 0);
	while (terminal.n < QUEUE && sio_line(CONSOLE_READ, &c, 1) == 1)
		enqueue(c);
	if (terminal.n < QUEUE)
		sio_line(CONSOLE_ARM, NULL, 0);
	if (terminal.n > 0)
		process_wake(&terminal);
}

/* What nobody has read of it is nobody's. */
static void end_line(void)
{
	terminal.read = terminal.length = 0;
	terminal.complete = false;
}

/* The system can take it from any jail. */
static bool is_typed_to(const struct jail *jail) { return jail == jail_outside || jail == terminal.jail; }

bool terminal_set(enum terminal_mode mode, const struct process *p)
{
	if (!is_typed_to(p->jail))
		return false;
	terminal.mode = mode;
	terminal.group = p->group;
	terminal.jail = p->jail;
	if (mode == TERMINAL_BYTES)
		end_line();
	return true;
}

void terminal_enters(const struct process *p)
{
	if (terminal.group == p->number)
		terminal.jail = p->jail;
}

void terminal_leaves(const struct jail *jail)
{
	if (terminal.jail == jail)
		terminal.jail = jail_outside;
}

/* ---- lines --------------------------------------------------------------- */

static void rub_out(void)
{
	terminal.length--;
	terminal_write("\b \b", 3);
}

static void rub_out_word(void)
{
	while (terminal.length > 0 && terminal.line[terminal.length - 1] == ' ')
		rub_out();
	while (terminal.length > 0 && terminal.line[terminal.length - 1] != ' ')
		rub_out();
}

static void keep(char c)
{
	if (terminal.length == QUEUE)
		return;
	terminal.line[terminal.length++] = c;
	terminal_write(&c, 1);
	terminal.complete = c == '\n' || terminal.length == QUEUE;
}

static void edit(char c)
{
	bool second = c == '\n' && terminal.after_cr;
	terminal.after_cr = c == '\r';
	switch (c) {
	case CTRL_C: interrupt(); break;
	case CTRL_D: terminal.complete = true; break;
	case CTRL_U:
		while (terminal.length > 0)
			rub_out();
		break;
	case CTRL_W: rub_out_word(); break;
	case BACKSPACE: case DELETE:
		if (terminal.length > 0)
			rub_out();
		break;
	case '\r': keep('\n'); break;
	default:
		if (!second)
			keep(c);
	}
}

/* Up to n bytes of the line.  The line that Ctrl-D ends has no newline; alone, it reads as
 * the end. */
static int32_t read_line(char *to, uint32_t n)
{
	uint32_t i = 0;
	while (i < n && terminal.read < terminal.length)
		to[i++] = terminal.line[terminal.read++];
	if (terminal.read == terminal.length)
		end_line();
	return (int32_t)i;
}

static int32_t read_bytes(char *to, uint32_t n)
{
	uint32_t i = 0;
	while (i < n && terminal.n > 0)
		to[i++] = dequeue();
	return (int32_t)i;
}

int32_t terminal_read(struct process *p, void *to, uint32_t n)
{
	if (!is_typed_to(p->jail))
		return -EIO;
	terminal_poll();
	if (terminal.mode == TERMINAL_BYTES && terminal.n > 0)
		return read_bytes(to, n);
	while (terminal.mode == TERMINAL_LINES && !terminal.complete && terminal.n > 0 && p->state == PROCESS_READY)
		edit(dequeue());
	if (p->state == PROCESS_ENDED)
		return 0;
	if (terminal.complete)
		return read_line(to, n);
	process_wait(p, &terminal, 0);
	return CALL_WAITS;
}
