/* Fuzzing: any bytes as a disk.  A machine does an IPL from it and runs a little;
 * its directories are walked; it is taken as a file to pack.  What the walk accepts must
 * be inside the disk.
 */

#include <stdlib.h>
#include <string.h>

#include "machine/window.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void visit(void *self, const struct disk_node *node)
{
	const uint32_t *sectors = self;
	if ((uint64_t)node->first_sector + node->sectors > *sectors || node->boot_sectors > node->sectors ||
	    (node->directory != 0 && node->directory >= node->sectors) || strlen(node->name) > NAME_BYTES)
		abort();
}

static void ipl_and_run(uint8_t *image, uint32_t sectors)
{
	struct machine *m = machine_new(&(struct machine_config){ .storage = 4096, .lines = 2 }, NULL);
	machine_attach_disk(m, image, sectors);
	machine_input(m, 0, "input", 5);
	machine_input_ends(m, 1);
	machine_ipl(m);
	machine_run(m, 1000);
	machine_free(m);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct refusal why = { "" };
	uint32_t sectors = (uint32_t)(size / SECTOR);
	if (!disk_walk(bytes, sectors, visit, &sectors, &why) && strlen(why.text) < 5)
		abort();
	struct boot_disk disk;
	if (disk_from_file(&disk, bytes, size, 1, NULL))
		disk_free(&disk);
	uint8_t *image = malloc(size + 1);
	if (!image)
		return 0;
	if (size > 0)
		memcpy(image, bytes, size);
	ipl_and_run(image, sectors);
	free(image);
	return 0;
}
