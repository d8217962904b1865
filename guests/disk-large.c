/* A disk of more sectors than a byte can number, and sectors that are on it only by their low
 * bits.
 */
// disk: 300
// expect-exit: 0
// expect-output: "disk: 6 checks, 0 failed, digest c40bd817\n"
#include "droste.h"

int main(void)
{
	static uint32_t sector[SECTOR / 4];
	uint32_t sectors = disk_sectors();
	check(sectors > 300, "the disk's size");
	sector[0] = 0x1A57;
	check_equal(disk_write(sectors - 1, sector, SECTOR), CC_DONE, "the last sector");
	check_equal(disk_read(sectors - 1 - 256, sector, SECTOR), CC_DONE, "256 before it");
	check_equal(sector[0], 0, "which is another");
	for (unsigned bit = 16; bit < 32; bit += 8)
		check_equal(disk_read((UINT32_C(1) << bit) + 1, sector, SECTOR), CC_REFUSED, "one far beyond the end");
	print("disk: ");
	return check_report();
}
