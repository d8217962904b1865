/* The console lines and the disk, behind SIO.  Like the channels of a
 * System/370 they see absolute real storage.  A command is checked whole before
 * anything moves.  Called by exec_sio and exec_wait, by trap.c for attention, and by the
 * window for input.
 */

#include <stdlib.h>
#include <string.h>

#include "machine.h"

static bool inside_storage(const struct machine *m, const struct command_block *b)
{
	return (uint64_t)b->buffer + b->count <= m->size;
}

/* ---- console ------------------------------------------------------------ */

static size_t waiting(const struct line *line) { return line->tail - line->head; }

/* What is pending for a guest in interpretive execution, its host says. */
static void set_pending(struct machine *m, unsigned n, bool pending)
{
	uint32_t *lines = m->interpretive ? &m->host.pending_lines : &m->pending_lines;
	m->line[n].pending = pending;
	*lines &= ~(UINT32_C(1) << n);
	*lines |= (uint32_t)pending << n;
}

/* Attention: an armed line with input waiting becomes pending, no longer armed. */
static void attend(struct machine *m, unsigned n)
{
	struct line *line = &m->line[n];
	if (line->armed && waiting(line) > 0) {
		line->armed = false;
		set_pending(m, n, true);
	}
}

static void want_input(struct machine *m, unsigned n)
{
	if (!m->line[n].ended && m->console.want_input)
		m->console.want_input(m->console.self, m, n);
}

static enum condition device_CONSOLE_QUERY(struct machine *m, struct command_block *b)
{
	want_input(m, b->unit);
	b->result = (uint32_t)waiting(&m->line[b->unit]);
	return CC_DONE;
}

static enum condition device_CONSOLE_WRITE(struct machine *m, struct command_block *b)
{
	if (m->console.output && b->count > 0)
		m->console.output(m->console.self, b->unit, m->storage + b->buffer, b->count);
	b->result = b->count;
	return CC_DONE;
}

static enum condition device_CONSOLE_READ(struct machine *m, struct command_block *b)
{
	want_input(m, b->unit);
	struct line *line = &m->line[b->unit];
	size_t n = waiting(line) < b->count ? waiting(line) : b->count;
	if (waiting(line) == 0)
		return CC_NOTHING;
	memcpy(m->storage + b->buffer, line->input + line->head, n);
	line->head += n;
	storage_changed(m, b->buffer, (uint32_t)n);
	b->result = (uint32_t)n;
	return CC_DONE;
}

static enum condition device_CONSOLE_DISARM(struct machine *m, struct command_block *b)
{
	m->line[b->unit].armed = false;
	set_pending(m, b->unit, false);
	return CC_DONE;
}

static enum condition device_CONSOLE_ARM(struct machine *m, struct command_block *b)
{
	m->line[b->unit].armed = true;
	want_input(m, b->unit);
	attend(m, b->unit);
	return CC_DONE;
}

bool device_may_wake(struct machine *m)
{
	bool may = false;
	for (unsigned n = 0; n < m->lines; n++) {
		if (!m->line[n].armed)
			continue;
		want_input(m, n);
		may |= m->line[n].pending || !m->line[n].ended;
	}
	return may;
}

unsigned device_take_attention(struct machine *m)
{
	unsigned n = 0;
	while (!m->line[n].pending)
		n++;
	set_pending(m, n, false);
	return n;
}

void device_reset(struct machine *m)
{
	for (unsigned n = 0; n < m->lines; n++)
		m->line[n].armed = m->line[n].pending = false;
	m->pending_lines = 0;
}

bool machine_input(struct machine *m, unsigned n, const void *bytes, size_t size)
{
	struct line *line = &m->line[n];
	if (size > line->room - line->tail) {
		size_t room = 2 * (waiting(line) + size);
		uint8_t *input = malloc(room);
		if (!input)
			return false;
		if (waiting(line) > 0)
			memcpy(input, line->input + line->head, waiting(line));
		free(line->input);
		line->tail -= line->head;
		line->head = 0;
		line->input = input;
		line->room = room;
	}
	if (size > 0)
		memcpy(line->input + line->tail, bytes, size);
	line->tail += size;
	attend(m, n);
	return true;
}

void machine_input_ends(struct machine *m, unsigned n) { m->line[n].ended = true; }

struct line_state machine_line(const struct machine *m, unsigned n)
{
	const struct line *line = &m->line[n];
	return (struct line_state){ line->armed, line->pending, line->ended, waiting(line) };
}

void machine_set_console(struct machine *m, const struct console_host *host) { m->console = *host; }

/* ---- disk --------------------------------------------------------------- */

static bool inside_disk(const struct machine *m, const struct command_block *b)
{
	return b->count % SECTOR == 0 && (uint64_t)b->unit + b->count / SECTOR <= m->disk.sectors;
}

static uint8_t *sector(const struct machine *m, uint32_t n) { return m->disk.image + (size_t)n * SECTOR; }

static enum condition device_DISK_QUERY(struct machine *m, struct command_block *b)
{
	b->result = m->disk.sectors;
	return CC_DONE;
}

static enum condition device_DISK_WRITE(struct machine *m, struct command_block *b)
{
	if (b->count > 0)
		memcpy(sector(m, b->unit), m->storage + b->buffer, b->count);
	b->result = b->count;
	return CC_DONE;
}

static enum condition device_DISK_READ(struct machine *m, struct command_block *b)
{
	if (b->count > 0)
		memcpy(m->storage + b->buffer, sector(m, b->unit), b->count);
	storage_changed(m, b->buffer, b->count);
	b->result = b->count;
	return CC_DONE;
}

void machine_attach_disk(struct machine *m, uint8_t *image, uint32_t sectors)
{
	m->disk = (struct disk){ image, sectors };
}

/* ---- SIO ---------------------------------------------------------------- */

enum moves { NOTHING, FROM_STORAGE, TO_STORAGE };

static const struct command {
	uint32_t device, number;
	enum moves moves;
	enum condition (*carry_out)(struct machine *m, struct command_block *b);
} commands[] = {
#define COMMAND(device, symbol, number, moves, effect) { DEVICE_##device, number, moves, device_##symbol },
#include "isa/devices.def"
};

static const struct command *find_command(const struct command_block *b)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (commands[i].device == b->device && commands[i].number == b->command)
			return &commands[i];
	return NULL;
}

/* True iff unit, buffer and count are good for the command.  Queries of the disk
 * have no unit. */
static bool acceptable(const struct machine *m, const struct command_block *b, enum moves moves)
{
	if (b->device == DEVICE_CONSOLE && b->unit >= m->lines)
		return false;
	if (moves == NOTHING)
		return true;
	return inside_storage(m, b) && (b->device != DEVICE_DISK || inside_disk(m, b));
}

enum condition device_sio(struct machine *m, struct command_block *b)
{
	b->result = 0;
	if (b->device != DEVICE_CONSOLE && b->device != DEVICE_DISK)
		return CC_NO_DEVICE;
	const struct command *command = find_command(b);
	if (!command || !acceptable(m, b, command->moves))
		return CC_REFUSED;
	return command->carry_out(m, b);
}
