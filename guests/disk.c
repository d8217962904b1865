/* The disk: asks for its size, fills every sector that is the program's own, reads
 * them back one by one and all together, and tries the last sector and the one
 * after.
 */
// expect-output: "every sector holds\n"
#include "droste.h"

enum { WORDS = SECTOR / 4, MOST = 64 };

static uint32_t written[WORDS], found[MOST][WORDS];

/* The words of a sector: no two are alike. */
static uint32_t word(uint32_t sector, uint32_t i) { return (sector << 16 ^ i) * 2654435761u + i; }

static bool same(uint32_t sector, const uint32_t *words)
{
	for (uint32_t i = 0; i < WORDS; i++)
		if (words[i] != word(sector, i))
			return false;
	return true;
}

static void fill(uint32_t sector)
{
	for (uint32_t i = 0; i < WORDS; i++)
		written[i] = word(sector, i);
	check(disk_write(sector, written, SECTOR) == CC_DONE, "write a sector");
}

static void verify(uint32_t sector)
{
	check(disk_read(sector, found, SECTOR) == CC_DONE, "read a sector");
	check(same(sector, found[0]), "a sector holds");
}

/* n sectors in one transfer. */
static void verify_together(uint32_t first, uint32_t n)
{
	check(disk_read(first, found, n * SECTOR) == CC_DONE, "read sectors together");
	for (uint32_t i = 0; i < n; i++)
		check(same(first + i, found[i]), "sectors read together hold");
}

/* The disk's end: nothing is transferred beyond it, nor is a part. */
static void try_end(uint32_t sectors)
{
	check(disk_read(sectors - 1, found, SECTOR) == CC_DONE, "read the last sector");
	check(disk_read(sectors, found, 0) == CC_DONE, "read nothing at the end");
	found[0][0] = 0x600D;
	check(disk_read(sectors, found, SECTOR) == CC_REFUSED, "read the sector after the last");
	check(disk_read(sectors - 1, found, 2 * SECTOR) == CC_REFUSED, "read over the end");
	check(disk_read(sectors + 1, found, 0) == CC_REFUSED, "read nothing beyond the end");
	check(disk_read(0xFFFFFFFF, found, SECTOR) == CC_REFUSED, "read far beyond the end");
	check(disk_write(sectors, found, SECTOR) == CC_REFUSED, "write the sector after the last");
	check(disk_write(sectors - 1, found, 2 * SECTOR) == CC_REFUSED, "write over the end");
	check(found[0][0] == 0x600D, "nothing was read");
}

/* The boot image is in storage still, but for what has changed since. */
static void verify_boot_sector(void)
{
	check(disk_read(0, found, SECTOR) == CC_DONE, "read the boot sector");
	check(found[0][CELL_MAGIC / 4] == BOOT_MAGIC, "the boot sector's magic");
	check(found[0][CELL_SECTORS / 4] == *cell(CELL_SECTORS), "the boot sector's count");
}

int main(void)
{
	uint32_t own = *cell(CELL_SECTORS), sectors = disk_sectors();
	check(sectors > own, "there are sectors of our own");
	for (uint32_t sector = own; sector < sectors; sector++)
		fill(sector);
	for (uint32_t sector = sectors; sector-- > own;)
		verify(sector);
	for (uint32_t n = 1; n <= MOST && n <= sectors - own; n++)
		verify_together(sectors - n, n);
	try_end(sectors);
	verify(sectors - 1);
	verify_boot_sector();
	if (check_failures() == 0)
		print("every sector holds\n");
	return check_failures() != 0;
}
