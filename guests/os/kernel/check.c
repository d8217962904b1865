/* The file system looked over at the boot.  After log_recover only one thing may be
 * left to do: a file that was open when its last name went.  Anything else is a fault,
 * of the kernel or of the disk, and is told.
 */

#include "fs.h"

static uint16_t names[SECTORS_MOST / 8];      /* of each inode, as counted */
static uint8_t used[SECTORS_MOST / 8];        /* a bit for each sector, as found */
static unsigned wrong;

static void tell(const char *what, uint32_t which)
{
	print("file system: %s %d\n", what, (int)which);
	wrong++;
}

/* ---- sectors ------------------------------------------------------------- */

static void note_sector(uint32_t sector)
{
	if (sector == 0)
		return;
	if (sector < fs.data || sector >= fs.sectors)
		tell("a file claims sector", sector);
	else if (used[sector / 8] & 1 << sector % 8)
		tell("two files share sector", sector);
	else
		used[sector / 8] |= (uint8_t)(1 << sector % 8);
}

static void note_tree(uint32_t sector, unsigned depth)
{
	note_sector(sector);
	if (sector < fs.data || sector >= fs.sectors || depth == 0)
		return;
	for (uint32_t i = 0; i < PER_SECTOR; i++)
		note_tree(((const uint32_t *)log_sector(fs_first + sector))[i], depth - 1);
}

static void note_sectors(const struct inode *inode)
{
	struct inode copy = *inode;
	for (int i = 0; i < DIRECT; i++)
		note_sector(copy.direct[i]);
	note_tree(copy.indirect, 1);
	note_tree(copy.twice, 2);
}

static void compare_bitmap(void)
{
	const uint8_t *bits = NULL;
	for (uint32_t sector = fs.data; sector < fs.sectors; sector++) {
		if (!bits || sector % BITS_PER_SECTOR == 0)
			bits = log_sector(fs_first + fs.bitmap + sector / BITS_PER_SECTOR);
		bool is = bits[sector % BITS_PER_SECTOR / 8] & 1 << sector % 8;
		bool should = used[sector / 8] & 1 << sector % 8;
		if (is != should)
			tell(is ? "nobody uses sector" : "not marked as used: sector", sector);
	}
}

/* ---- names --------------------------------------------------------------- */

static void note_names(uint32_t directory)
{
	struct directory_row row;
	for (uint32_t at = 0; fs_read(directory, at, &row, sizeof(row)) == (int32_t)sizeof(row); at += sizeof(row)) {
		if (row.inode >= fs.inode_count)
			tell("a name of no file in directory", directory);
		else if (row.inode)
			names[row.inode]++;
	}
}

static void compare_links(uint32_t number)
{
	const struct inode *inode = inode_read(number);
	if (inode->type == TYPE_FREE ? names[number] > 0 : inode->links != names[number])
		tell("names miscounted of file", number);
}

static bool in_use(uint32_t number) { return inode_read(number)->type != TYPE_FREE; }

unsigned check_files(void)
{
	for (uint32_t i = ROOT_INODE; i < fs.inode_count; i++)
		if (in_use(i) && inode_read(i)->links == 0) {
			fs_drop(i);
			log_commit();
		}
	for (uint32_t i = ROOT_INODE; i < fs.inode_count; i++) {
		if (in_use(i))
			note_sectors(inode_read(i));
		if (inode_read(i)->type == TYPE_DIRECTORY)
			note_names(i);
	}
	for (uint32_t i = ROOT_INODE; i < fs.inode_count; i++)
		compare_links(i);
	compare_bitmap();
	return wrong;
}
