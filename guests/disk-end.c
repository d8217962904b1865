/* A transfer that begins in the disk's last sector and ends behind it: refused, and
 * nothing is written anywhere.
 */
// expect-exit: 0
#include "droste.h"

int main(void)
{
	static uint32_t two[2 * SECTOR / 4];
	for (uint32_t i = 0; i < 2 * SECTOR / 4; i++)
		two[i] = 0x5A5A5A5A;
	return disk_write(disk_sectors() - 1, two, sizeof(two)) != CC_REFUSED;
}
