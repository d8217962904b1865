/* Transfers that cover their own command block: what is moved is what stood there when
 * SIO began, the result word too.
 */
// expect-exit: 0
// expect-output: "\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x60\x00\x00\x00\x18\x00\x00\x00!!!!"
#include "droste.h"

enum { PLACE = 0x60 }; /* the same with every compiler */

int main(void)
{
	struct command_block *block = (struct command_block *)(uintptr_t)PLACE;
	*block = (struct command_block){ DEVICE_CONSOLE, CONSOLE_WRITE, 0, PLACE, sizeof(*block), 0x21212121 };
	enum condition cc = sio(block);
	struct command_block to_disk = { DEVICE_DISK, DISK_WRITE, disk_sectors() - 1, 0x41414141, SECTOR, 0x42424242 };
	to_disk.buffer = (uint32_t)(uintptr_t)&to_disk & ~UINT32_C(511);
	return cc != CC_DONE || sio(&to_disk) != CC_DONE;
}
