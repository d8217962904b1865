/* Device transfers that reach beyond storage by one byte, by far, and by wrapping
 * round: each is refused whole.  Those that end exactly at its end are done.
 */
// expect-output: "dma: 268 checks, 0 failed, digest 31f2e857\n"
#include "droste.h"

enum { NO_SUCH_SECTOR = 0x7FFFFFFF };

static uint32_t own_sector; /* the first that is the program's */

static void transfer(uint32_t device, uint32_t command, uint32_t unit, uint32_t buffer, uint32_t count,
                     enum condition cc, const char *what)
{
	struct command_block block = { device, command, unit, buffer, count, 0xBAD };
	check_equal(sio(&block), cc, what);
	check_equal(block.result, cc == CC_DONE ? count : 0, what);
}

/* Both directions of a device, in places where nothing may be transferred. */
static void refused(uint32_t device, uint32_t unit, uint32_t buffer, uint32_t count)
{
	transfer(device, 1, unit, buffer, count, CC_REFUSED, "write beyond storage");
	transfer(device, 2, unit, buffer, count, CC_REFUSED, "read beyond storage");
}

static void test_beyond(uint32_t device, uint32_t unit)
{
	const uint32_t q = storage_size;
	refused(device, unit, q - 511, 512);
	refused(device, unit, q - 508, 512);
	refused(device, unit, q, 512);
	refused(device, unit, q + 1, 512);
	refused(device, unit, 2 * q, 512);
	refused(device, unit, 0x80000000, 512);
	refused(device, unit, 0xFFFFFE00, 512);
	refused(device, unit, 0xFFFFFFFF, 512);
	refused(device, unit, 512, 0xFFFFFE00);
	refused(device, unit, 0, q + 512);
	refused(device, unit, 0x200, 0x80000000);
}

/* The last sector of storage, and nothing behind it. */
static void test_end(void)
{
	uint32_t *end = (uint32_t *)(uintptr_t)(storage_size - SECTOR);
	for (uint32_t i = 0; i < SECTOR / 4; i++)
		end[-SECTOR / 4 + (int)i] = i * 2654435761u;
	transfer(DEVICE_DISK, DISK_WRITE, own_sector, storage_size - 2 * SECTOR, SECTOR, CC_DONE, "write");
	transfer(DEVICE_DISK, DISK_READ, own_sector, storage_size - SECTOR, SECTOR, CC_DONE, "read to the end");
	for (uint32_t i = 0; i < SECTOR / 4; i++)
		check_equal(end[i], i * 2654435761u, "what was read");
	transfer(DEVICE_DISK, DISK_WRITE, own_sector, storage_size, 0, CC_DONE, "write of nothing at the end");
	transfer(DEVICE_DISK, DISK_WRITE, own_sector, storage_size + 1, 0, CC_REFUSED, "write of nothing beyond it");
}

static int test(void)
{
	own_sector = *cell(CELL_SECTORS);
	test_beyond(DEVICE_CONSOLE, 0);
	test_beyond(DEVICE_DISK, own_sector);
	test_beyond(DEVICE_DISK, NO_SUCH_SECTOR);
	test_end();
	print("dma: ");
	return check_report();
}

int main(void)
{
	static uint8_t stack[2048] __attribute__((aligned(16)));
	move_stack(stack + sizeof(stack), test);
}
