/* Lines edited on the console and said back: backspace rubs out, Ctrl-U the whole line,
 * Ctrl-D on an empty line ends.  The console raises attention when there is
 * something to read; between, the machine waits.
 */
// input: "hello\rhelp\b\blo\nnot this\x15but this\r\x7f\x7fx\x04y\r\x04never read"
// expect-output: "> hello\n"
// expect-output: "you said: hello\n"
// expect-output: "> help\b \b\b \blo\n"
// expect-output: "you said: helo\n"
// expect-output: "> not this\b \b\b \b\b \b\b \b\b \b\b \b\b \b\b \bbut this\n"
// expect-output: "you said: but this\n"
// expect-output: "> xy\n"
// expect-output: "you said: xy\n"
// expect-output: "> bye\n"
#include "droste.h"

enum { CTRL_D = 0x04, BACKSPACE = 0x08, CTRL_U = 0x15, DELETE = 0x7F };

/* What the interrupt handler has read and nobody has taken. */
static struct {
	char bytes[256]; /* from taken to put, modulo its size */
	volatile uint32_t put, taken;
} input;

static void arm(void)
{
	struct command_block block = { DEVICE_CONSOLE, CONSOLE_ARM, 0, 0, 0, 0 };
	sio(&block);
}

/* Attention: reads until there is nothing more, then arms the line again.  What
 * finds no room is left in the line, whose attention then comes when there is. */
void trap_handler(struct trap_frame *frame)
{
	if (frame->cause != CAUSE_IO)
		trap_panic(frame);
	char c;
	while (input.put - input.taken < sizeof(input.bytes) && console_poll(0, &c, 1) > 0)
		input.bytes[input.put++ % sizeof(input.bytes)] = c;
	arm();
}

/* The next byte.  The interrupt can strike only where interrupts are let in, so none
 * is lost between the look and the WAIT. */
static char next(void)
{
	while (input.put == input.taken) {
		wait_for_interrupt();
		ssm(STATUS_IE);
		ssm(0);
	}
	return input.bytes[input.taken++ % sizeof(input.bytes)];
}

struct line {
	char text[80];
	size_t n;
};

static void rub_out(struct line *line)
{
	if (line->n == 0)
		return;
	line->n--;
	print("\b \b");
}

static void add(struct line *line, char c)
{
	if (c < ' ' || line->n == sizeof(line->text) - 1)
		return;
	line->text[line->n++] = c;
	print("%c", c);
}

/* Edits a line until Enter; false if the user has had enough. */
static bool edit(struct line *line)
{
	line->n = 0;
	for (;;) {
		char c = next();
		switch (c) {
		case BACKSPACE:
		case DELETE:
			rub_out(line);
			break;
		case CTRL_U:
			while (line->n > 0)
				rub_out(line);
			break;
		case CTRL_D:
			if (line->n == 0)
				return false;
			break;
		case '\r':
		case '\n':
			line->text[line->n] = '\0';
			return true;
		default:
			add(line, c);
			break;
		}
	}
}

int main(void)
{
	struct line line;
	arm();
	for (print("> "); edit(&line); print("> "))
		print("\nyou said: %s\n", line.text);
	print("bye\n");
	return 0;
}
