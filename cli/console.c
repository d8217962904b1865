/* Who is at the other end of the console lines.  Line 0 of the first guest is the
 * terminal, or whatever standard input and output are.  What other guests write
 * goes to standard output and what monitors write to standard error, line by line
 * with a label.  Called by run.c; the machine calls output and want_input.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define XXH_STATIC_LINKING_ONLY /* XXH64_state_t by value */
#include <xxhash.h>

#include "cli.h"
#include "inspector/recording.h"

/* A stream that is written in large pieces, and remembers that it failed. */
struct sink {
	int fd;
	int error; /* errno, or 0 */
	size_t n;
	uint8_t bytes[1 << 16];
};

struct channel {
	struct sink *sink;
	char label[40];   /* "[hello:1] "; empty for the terminal */
	size_t n;         /* bytes of a line not yet ended */
	uint8_t text[1024];
	uint64_t written; /* bytes in all */
	XXH64_state_t digest;
};

struct console {
	struct machine *m;
	struct sink out, err;
	struct channel channel[LINES_MOST];
	unsigned terminal;  /* the line of the first guest */
	bool out_mid_line;  /* the terminal's line is not yet ended */
	bool stdin_live, stdin_lazy;
	bool eof;           /* files and pipes end with Ctrl-D */
	bool given[LINES_MOST];
	FILE *recording;
	struct refusal trouble; /* with input, found while the machine ran; empty: none */
};

/* ---- output ------------------------------------------------------------- */

static void sink_flush(struct sink *sink)
{
	size_t done = 0;
	while (done < sink->n && sink->error == 0) {
		ssize_t n = write(sink->fd, sink->bytes + done, sink->n - done);
		if (n > 0)
			done += (size_t)n;
		else if (errno != EINTR || terminal_signal() != 0)
			sink->error = errno;
	}
	sink->n = 0;
}

static void sink_put(struct sink *sink, const void *bytes, size_t n)
{
	const uint8_t *from = bytes;
	while (n > 0) {
		size_t room = sizeof(sink->bytes) - sink->n;
		size_t some = n < room ? n : room;
		memcpy(sink->bytes + sink->n, from, some);
		sink->n += some;
		from += some;
		n -= some;
		if (sink->n == sizeof(sink->bytes))
			sink_flush(sink);
	}
}

/* A line with its label, on a line of its own. */
static void put_line(struct console *console, struct channel *channel)
{
	if (channel->sink == &console->out && console->out_mid_line) {
		sink_put(channel->sink, "\n", 1);
		console->out_mid_line = false;
	}
	sink_put(channel->sink, channel->label, strlen(channel->label));
	sink_put(channel->sink, channel->text, channel->n);
	sink_put(channel->sink, "\n", 1);
	channel->n = 0;
}

static void put_labelled(struct console *console, struct channel *channel, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (bytes[i] != '\n')
			channel->text[channel->n++] = bytes[i];
		if (bytes[i] == '\n' || channel->n == sizeof(channel->text))
			put_line(console, channel);
	}
}

static void output(void *self, unsigned line, const uint8_t *bytes, size_t n)
{
	struct console *console = self;
	struct channel *channel = &console->channel[line];
	channel->written += n;
	XXH64_update(&channel->digest, bytes, n);
	if (channel->label[0]) {
		put_labelled(console, channel, bytes, n);
	} else {
		sink_put(channel->sink, bytes, n);
		console->out_mid_line = bytes[n - 1] != '\n';
	}
	if (console->out.error != 0)
		machine_ask_stop(console->m);
}

/* Of a reader who has seen enough and closed the pipe nothing is said: why is left empty. */
static bool deny_output(int error, struct refusal *why)
{
	why->text[0] = '\0';
	return error != EPIPE && refuse(why, "cannot write to standard output: %s", strerror(error));
}

bool console_flush(struct console *console, struct refusal *why)
{
	sink_flush(&console->out);
	sink_flush(&console->err);
	return console->out.error == 0 || deny_output(console->out.error, why);
}

bool console_finish(struct console *console, struct refusal *why)
{
	for (unsigned line = 0; line < LINES_MOST; line++)
		if (console->channel[line].n > 0)
			put_line(console, &console->channel[line]);
	return console_flush(console, why);
}

struct output_digest console_output_of(const struct console *console, unsigned line)
{
	const struct channel *channel = &console->channel[line];
	return (struct output_digest){ channel->written, XXH64_digest(&channel->digest) };
}

/* ---- input -------------------------------------------------------------- */

static void give(struct console *console, uint64_t steps, unsigned line, const void *bytes, size_t n)
{
	if (console->recording)
		recording_write(console->recording, &(struct event){ steps, EVENT_INPUT, line, (uint32_t)n, bytes });
	if (!machine_input(console->m, line, bytes, n)) {
		refuse(&console->trouble, "no memory for %zu bytes of input", n);
		machine_ask_stop(console->m);
	}
}

static void end(struct console *console, uint64_t steps, unsigned line)
{
	if (console->recording)
		recording_write(console->recording, &(struct event){ .steps = steps, .kind = EVENT_INPUT_ENDS, .at = line });
	machine_input_ends(console->m, line);
}

/* Input that waits from reset. */
static void give_whole(struct console *console, unsigned line, const struct file *input)
{
	static const uint8_t ctrl_d = 4;
	give(console, 0, line, input->bytes, input->size);
	if (console->eof)
		give(console, 0, line, &ctrl_d, 1);
	end(console, 0, line);
}

/* Standard input that is no terminal waits from reset, all of it; but it is not
 * read before anybody asks, so that a guest without input does not wait for it. */
static void read_lazily(struct console *console)
{
	struct file input;
	console->stdin_lazy = false;
	if (file_read_from(&input, STDIN_FILENO, &console->trouble)) {
		give_whole(console, console->terminal, &input);
		file_free(&input);
	} else {
		machine_ask_stop(console->m);
	}
}

static void want_input(void *self, struct machine *m, unsigned line)
{
	struct console *console = self;
	(void)m;
	if (console->stdin_lazy && line == console->terminal)
		read_lazily(console);
}

void console_give(struct console *console, unsigned line, const struct file *input)
{
	console->given[line] = true;
	give_whole(console, line, input);
}

void console_give_stdin(struct console *console)
{
	if ((fcntl(STDIN_FILENO, F_GETFL) & O_ACCMODE) == O_WRONLY) /* it was closed: see main.c */
		return;
	console->given[console->terminal] = true;
	console->stdin_live = isatty(STDIN_FILENO);
	console->stdin_lazy = !console->stdin_live;
	if (console->stdin_live)
		terminal_raw();
}

void console_end_others(struct console *console)
{
	for (unsigned line = 0; line < machine_lines(console->m); line++)
		if (!console->given[line])
			machine_input_ends(console->m, line);
}

bool console_poll(struct console *console, bool wait, struct refusal *why)
{
	uint8_t bytes[4096];
	if (console->trouble.text[0])
		return refuse(why, "standard input: %s", console->trouble.text);
	if (!console->stdin_live || !terminal_readable(wait))
		return true;
	uint64_t now = machine_steps(console->m);
	ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));
	if (n > 0) {
		give(console, now, console->terminal, bytes, (size_t)n);
	} else if (n == 0 || errno == EIO) { /* EIO: the terminal was hung up */
		console->stdin_live = false;
		end(console, now, console->terminal);
	} else if (errno != EINTR && errno != EAGAIN) {
		return refuse(why, "cannot read standard input: %s", strerror(errno));
	}
	return true;
}

/* ---- making ------------------------------------------------------------- */

static void label(struct console *console, unsigned line, const struct place *place)
{
	struct channel *channel = &console->channel[line];
	if (place->hosts) {
		channel->sink = &console->err;
		snprintf(channel->label, sizeof(channel->label), "[monitor %u] ", place->level);
	} else {
		snprintf(channel->label, sizeof(channel->label), "[%s:%u] ", place->name, line - place->first_line);
	}
}

/* A monitor keeps its first line and has dealt out the others. */
static void label_all(struct console *console, const struct plan *plan)
{
	for (unsigned i = 0; i < plan->places; i++) {
		const struct place *place = &plan->place[i];
		unsigned end = place->first_line + (place->hosts ? 1 : place->lines);
		for (unsigned line = place->first_line; line < end && line < LINES_MOST; line++)
			label(console, line, place);
	}
	console->channel[console->terminal].label[0] = '\0';
}

struct console *console_new(struct machine *m, const struct plan *plan, FILE *recording, bool eof)
{
	struct console *console = calloc(1, sizeof(*console));
	if (!console)
		return NULL;
	console->m = m;
	console->recording = recording;
	console->eof = eof;
	console->out.fd = STDOUT_FILENO;
	console->err.fd = STDERR_FILENO;
	for (unsigned line = 0; line < LINES_MOST; line++) {
		console->channel[line].sink = &console->out;
		XXH64_reset(&console->channel[line].digest, 0);
	}
	const struct place *first = plan_guest(plan, 0);
	console->terminal = first && first->first_line < LINES_MOST ? first->first_line : 0;
	label_all(console, plan);
	machine_set_console(m, &(struct console_host){ console, output, want_input });
	return console;
}

void console_free(struct console *console) { free(console); }
