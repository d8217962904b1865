/* The file system looked over at the boot.  After log_recover only one thing may be
 * left to do: a file that was open when its last name went.  Anything else is a fault,
 * of the kernel or of the disk.  It is told, and mended, so that the system does not stumble over it: a
 * sector that there is not, a size that the sectors do not have, an inode of no type, names of nothing or
 * miscounted, sectors marked wrongly.  What two files share, and a file without a name, stay as they are.
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

/* False: there is no such sector for files. */
static bool claim(uint32_t sector)
{
	if (sector < fs.data || sector >= fs.sectors) {
		tell("a file claims sector", sector);
		return false;
	}
	if (used[sector / 8] & 1 << sector % 8)
		tell("two files share sector", sector);
	used[sector / 8] |= (uint8_t)(1 << sector % 8);
	return true;
}

/* The word of a sector that names another, which is depth steps from data. */
static void note_sector(uint32_t in, uint32_t word, unsigned depth)
{
	uint32_t sector = ((const uint32_t *)log_sector(fs_first + in))[word];
	if (sector && !claim(sector)) {
		((uint32_t *)log_change(fs_first + in))[word] = 0;
		log_commit();
		return;
	}
	for (uint32_t i = 0; sector && depth > 0 && i < PER_SECTOR; i++)
		note_sector(sector, i, depth - 1);
}

static void note_sectors(uint32_t number)
{
	enum { WORDS = sizeof(struct inode) / 4, FIRST = offsetof(struct inode, direct) / 4 };
	uint32_t in = fs.inodes + number / INODES_PER_SECTOR, word = number % INODES_PER_SECTOR * WORDS + FIRST;
	for (uint32_t i = 0; i < DIRECT; i++)
		note_sector(in, word + i, 0);
	note_sector(in, word + DIRECT, 1);
	note_sector(in, word + DIRECT + 1, 2);
}

/* A file ends in the last of its sectors, or is empty and has none. */
static void check_size(uint32_t number)
{
	uint32_t size = inode_read(number)->size, n = size / SECTOR + (size % SECTOR > 0);
	if (n <= FILE_SECTORS && (n == 0 || inode_sector(number, n - 1)) && (n == FILE_SECTORS || !inode_sector(number, n)))
		return;
	tell("a wrong size of file", number);
	for (n = FILE_SECTORS; n > 0 && !inode_sector(number, n - 1);)
		n--;
	inode_change(number)->size = n * SECTOR;
	log_commit();
}

/* Its bit is the other way round. */
static void turn_bit(uint32_t sector)
{
	uint8_t *bits = log_change(fs_first + fs.bitmap + sector / BITS_PER_SECTOR);
	bits[sector % BITS_PER_SECTOR / 8] ^= (uint8_t)(1 << sector % 8);
	log_commit();
}

static void compare_bitmap(void)
{
	const uint8_t *bits = NULL;
	for (uint32_t sector = fs.data; sector < fs.sectors; sector++) {
		if (!bits || sector % BITS_PER_SECTOR == 0)
			bits = log_sector(fs_first + fs.bitmap + sector / BITS_PER_SECTOR);
		bool is = bits[sector % BITS_PER_SECTOR / 8] & 1 << sector % 8;
		bool should = used[sector / 8] & 1 << sector % 8;
		if (is != should) {
			tell(is ? "nobody uses sector" : "not marked as used: sector", sector);
			turn_bit(sector);
			bits = NULL;
		}
	}
}

/* ---- inodes --------------------------------------------------------------- */

static bool in_use(uint32_t number) { return inode_read(number)->type != TYPE_FREE; }

static bool begins_as_directory(uint32_t number)
{
	struct directory_row row;
	uint32_t sector = inode_read(number)->direct[0];
	if (sector < fs.data || sector >= fs.sectors)
		return false;
	memcpy(&row, log_sector(fs_first + sector), sizeof(row));
	return row.inode == number && strcmp(row.name, ".") == 0;
}

/* One that is free has no links. */
static void check_type(uint32_t number)
{
	struct inode inode = *inode_read(number);
	if (inode.type == TYPE_FILE || inode.type == TYPE_DIRECTORY || (inode.type == TYPE_FREE && inode.links == 0))
		return;
	tell("no type of file", number);
	inode_change(number)->type = begins_as_directory(number) ? TYPE_DIRECTORY : TYPE_FILE;
	log_commit();
}

/* ---- names --------------------------------------------------------------- */

static void note_names(uint32_t directory)
{
	struct directory_row row;
	for (uint32_t at = 0; fs_read(directory, at, &row, sizeof(row)) == (int32_t)sizeof(row); at += sizeof(row)) {
		if (row.inode >= fs.inode_count || (row.inode && !in_use(row.inode))) {
			tell("a name of no file in directory", directory);
			fs_write(directory, at, &(struct directory_row){ 0 }, sizeof(row));
			log_commit();
		} else if (row.inode) {
			names[row.inode]++;
		}
	}
}

static void compare_links(uint32_t number)
{
	uint32_t links = inode_read(number)->links;
	if (!in_use(number) || links == names[number])
		return;
	tell("names miscounted of file", number);
	if (names[number] == 0)
		return;
	inode_change(number)->links = names[number];
	log_commit();
}

/* ---- all of it ------------------------------------------------------------- */

static void look(void)
{
	memset(names, 0, sizeof(names));
	memset(used, 0, sizeof(used));
	for (uint32_t i = ROOT_INODE; i < fs.inode_count; i++) {
		check_type(i);
		if (in_use(i)) {
			note_sectors(i);
			check_size(i);
		}
	}
	for (uint32_t i = ROOT_INODE; i < fs.inode_count; i++)
		if (inode_read(i)->type == TYPE_DIRECTORY)
			note_names(i);
}

/* A directory calls itself ".". */
static bool is_nameless(uint32_t number)
{
	const struct inode *inode = inode_read(number);
	return inode->type != TYPE_FREE && inode->links == 0 && names[number] == (inode->type == TYPE_DIRECTORY);
}

/* Whether there was one. */
static bool drop_nameless(void)
{
	bool any = false;
	for (uint32_t i = ROOT_INODE; i < fs.inode_count; i++)
		if (is_nameless(i)) {
			fs_drop(i);
			log_commit();
			any = true;
		}
	return any;
}

unsigned check_files(void)
{
	look();
	if (drop_nameless())
		look();
	for (uint32_t i = ROOT_INODE; i < fs.inode_count; i++)
		if (in_use(i))
			compare_links(i);
	compare_bitmap();
	return wrong;
}
