/* Fuzzing: any bytes as what gdb sends.  First they go through the protocol as they are; then
 * each line of them is a packet to a machine that hosts another.  Every packet is
 * answered, whatever it says, and the machine can go on.
 */

#include <stdlib.h>
#include <string.h>

#include "inspector/gdb_target.h"
#include "tests/assemble.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { CODE = 0x240, HANDLER = 0x280, TABLE = 0x400, REGION = 0x1000, VM_BYTES = 0x1000, STORAGE = 0x4000, SECTORS = 4 };

static uint8_t disk[SECTORS * SECTOR];

static void put(uint32_t at, const void *from, size_t n) { memcpy(disk + at, from, n); }

/* A monitor of a few instructions: it counts, traps, and enters a VM that has nothing but
 * zeros to run; with the next trap it does so again. */
static void make_disk(void)
{
	const struct psw start = { CODE, 0, 0, BOUND_ALL, 0 };
	const uint32_t magic[] = { BOOT_MAGIC, SECTORS, 0 };
	const struct anchor anchor = { ANCHOR_MAGIC, TABLE, 1, sizeof(struct vm_entry), 0 };
	const struct psw enter = { 0, STATUS_M, REGION, VM_BYTES, 0 };
	const struct vm_entry vm = { .state = VM_RUNNABLE, .region = REGION, .size = VM_BYTES, .psw = { .bound = BOUND_ALL },
	                             .name = "inner" };
	const uint32_t code[] = {
		assemble(INSN_addi, 5, 5, 0, 1), assemble(INSN_sw, 0, 0, 5, 0x40), assemble(INSN_lpsw, 0, 0, 0, 0xC0),
	};
	put(CELL_NEW_PSW, &start, sizeof(start));
	put(CELL_MAGIC, magic, sizeof(magic));
	put(0xC0, &enter, sizeof(enter));
	put(CELL_ANCHOR, &anchor, sizeof(anchor));
	put(TABLE, &vm, sizeof(vm));
	put(CODE, code, sizeof(code));
}

static void ignore(void *self, const void *bytes, size_t n)
{
	(void)self;
	(void)bytes;
	(void)n;
}

static void feed_link(const uint8_t *bytes, size_t size)
{
	struct gdb_link *link = malloc(sizeof(*link));
	if (!link)
		return;
	gdb_link_start(link, ignore, NULL);
	for (size_t i = 0; i < size; i++)
		if (gdb_link_take(link, bytes[i]) == GDB_PACKET && link->n > GDB_PACKET_MOST)
			abort();
	free(link);
}

/* Commands of the inspector have a fuzzer of their own. */
static bool is_command(const char *packet) { return strncmp(packet, "qRcmd", 5) == 0; }

static void feed_target(struct gdb_target *target, char *packet, size_t n, struct gdb_text *answer)
{
	answer->n = 0;
	answer->full = false;
	packet[n] = '\0';
	if (is_command(packet))
		return;
	gdb_target_do(target, packet, n, answer);
	if (answer->n > sizeof(answer->bytes) || target->level >= LEVELS_MOST || target->moving >= LEVELS_MOST)
		abort();
}

static void feed_lines(struct gdb_target *target, const uint8_t *bytes, size_t size)
{
	struct gdb_text *answer = malloc(sizeof(*answer));
	char *packet = malloc(size + 1);
	size_t n = 0;
	for (size_t i = 0; answer && packet && i <= size; i++) {
		if (i < size && bytes[i] != '\n') {
			packet[n++] = (char)bytes[i];
			continue;
		}
		feed_target(target, packet, n, answer);
		n = 0;
	}
	free(packet);
	free(answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct inspector inspector = { .most = 500 };
	struct gdb_target target;
	make_disk();
	const struct session_config config = { .machine = { .storage = STORAGE, .lines = 1 }, .disk = disk, .sectors = SECTORS };
	inspector.session = session_new(&config, NULL);
	if (!inspector.session)
		abort();
	feed_link(bytes, size);
	gdb_target_start(&target, &inspector);
	feed_lines(&target, bytes, size);
	gdb_target_leave(&target);
	unsigned points;
	session_points(inspector.session, &points);
	if (points > 0)
		abort();
	session_free(inspector.session);
	return 0;
}
