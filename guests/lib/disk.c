/* The disk, through SIO.  No libc; called by guest programs. */

#include "droste.h"

static enum condition disk(uint32_t command, uint32_t sector, const void *buffer, uint32_t bytes, uint32_t *result)
{
	struct command_block block = { DEVICE_DISK, command, sector, (uint32_t)(uintptr_t)buffer, bytes, 0 };
	enum condition cc = sio(&block);
	*result = block.result;
	return cc;
}

uint32_t disk_sectors(void)
{
	uint32_t sectors;
	disk(DISK_QUERY, 0, NULL, 0, &sectors);
	return sectors;
}

enum condition disk_read(uint32_t sector, void *to, uint32_t bytes)
{
	uint32_t moved;
	return disk(DISK_READ, sector, to, bytes, &moved);
}

enum condition disk_write(uint32_t sector, const void *from, uint32_t bytes)
{
	uint32_t moved;
	return disk(DISK_WRITE, sector, from, bytes, &moved);
}
