/* Files: inodes, the sectors they are made of, and the sectors that are free.  Called by
 * calls and names.c; everything on the disk goes through log.c.
 */

#include "fs.h"

struct superblock fs;
uint32_t fs_first;

/* ---- sectors ------------------------------------------------------------- */

static uint8_t *bitmap_byte(uint32_t sector, bool to_change)
{
	uint32_t at = fs_first + fs.bitmap + sector / BITS_PER_SECTOR;
	uint8_t *bits = to_change ? log_change(at) : log_sector(at);
	return &bits[sector % BITS_PER_SECTOR / 8];
}

static uint8_t bit(uint32_t sector) { return (uint8_t)(1 << sector % 8); }

static void set_used(uint32_t sector) { *bitmap_byte(sector, true) |= bit(sector); }

static void set_free(uint32_t sector)
{
	if (!sector)
		return;
	*bitmap_byte(sector, true) &= (uint8_t)~bit(sector);
	jail_give_sector();
}

/* The first free sector whose bit is in the bitmap's part-th sector; 0: none. */
static uint32_t find_free(uint32_t part)
{
	const uint8_t *bits = log_sector(fs_first + fs.bitmap + part);
	for (uint32_t i = 0; i < SECTOR; i++)
		for (uint32_t sector = part * BITS_PER_SECTOR + 8 * i; bits[i] != 0xFF && sector < fs.sectors; sector++)
			if (!(bits[i] & bit(sector)))
				return sector;
	return 0;
}

/* A sector of zeros; 0: none is free, or to be had. */
static uint32_t sector_new(void)
{
	for (uint32_t part = 0; part < fs.data - fs.bitmap; part++) {
		uint32_t sector = find_free(part);
		if (sector && !jail_take_sector())
			return 0;
		if (sector) {
			set_used(sector);
			log_blank(fs_first + sector);
			return sector;
		}
	}
	return 0;
}

/* ---- inodes -------------------------------------------------------------- */

static uint32_t inode_at(uint32_t number) { return fs_first + fs.inodes + number / INODES_PER_SECTOR; }

const struct inode *inode_read(uint32_t number)
{
	const struct inode *inodes = log_sector(inode_at(number));
	return &inodes[number % INODES_PER_SECTOR];
}

struct inode *inode_change(uint32_t number)
{
	struct inode *inodes = log_change(inode_at(number));
	return &inodes[number % INODES_PER_SECTOR];
}

int32_t fs_new(enum file_type type)
{
	for (uint32_t number = ROOT_INODE; number < fs.inode_count; number++)
		if (inode_read(number)->type == TYPE_FREE && jail_take_sector()) {
			*inode_change(number) = (struct inode){ .type = type };
			return (int32_t)number;
		}
	return -ENOSPC;
}

void fs_status(uint32_t number, struct file_status *status)
{
	const struct inode *inode = inode_read(number);
	*status = (struct file_status){ inode->type, number, inode->links, inode->size };
}

void fs_count_link(uint32_t number, int32_t more) { inode_change(number)->links += (uint32_t)more; }

/* ---- a file's sectors ---------------------------------------------------- */

/* The index-th word of a sector of words.  If it is 0 and make is set, it gets a new
 * sector, if there is one. */
static uint32_t follow(uint32_t sector, uint32_t index, bool make)
{
	if (!sector)
		return 0;
	const uint32_t *words = log_sector(fs_first + sector);
	uint32_t next = words[index];
	if (next || !make || !(next = sector_new()))
		return next;
	((uint32_t *)log_change(fs_first + sector))[index] = next;
	return next;
}

/* The same for a word of the inode itself. */
static uint32_t follow_inode(uint32_t number, size_t offset, bool make)
{
	uint32_t next;
	memcpy(&next, (const char *)inode_read(number) + offset, sizeof(next));
	if (next || !make || !(next = sector_new()))
		return next;
	memcpy((char *)inode_change(number) + offset, &next, sizeof(next));
	return next;
}

static uint32_t reach(uint32_t number, uint32_t index, bool make)
{
	if (index < DIRECT)
		return follow_inode(number, offsetof(struct inode, direct) + 4 * index, make);
	index -= DIRECT;
	if (index < PER_SECTOR)
		return follow(follow_inode(number, offsetof(struct inode, indirect), make), index, make);
	index -= PER_SECTOR;
	uint32_t twice = follow_inode(number, offsetof(struct inode, twice), make);
	return follow(follow(twice, index / PER_SECTOR, make), index % PER_SECTOR, make);
}

uint32_t inode_sector(uint32_t number, uint32_t index) { return reach(number, index, false); }

static uint32_t least(uint32_t a, uint32_t b) { return a < b ? a : b; }

int32_t fs_read(uint32_t number, uint32_t at, void *to, uint32_t n)
{
	uint32_t size = inode_read(number)->size, done = 0;
	n = at < size ? least(n, size - at) : 0;
	while (done < n) {
		uint32_t offset = (at + done) % SECTOR, part = least(n - done, SECTOR - offset);
		uint32_t sector = reach(number, (at + done) / SECTOR, false);
		if (sector)
			memcpy((char *)to + done, (const char *)log_sector(fs_first + sector) + offset, part);
		else
			memset((char *)to + done, 0, part);
		done += part;
	}
	return (int32_t)done;
}

/* At most so many sectors of data in one change: with what leads to them, and their bits,
 * they must fit into the log. */
enum { WRITE_SECTORS = 8 };

int32_t fs_write(uint32_t number, uint32_t at, const void *from, uint32_t n)
{
	uint32_t done = 0;
	for (int i = 0; i < WRITE_SECTORS && done < n && (at + done) / SECTOR < FILE_SECTORS; i++) {
		uint32_t offset = (at + done) % SECTOR, part = least(n - done, SECTOR - offset);
		uint32_t sector = reach(number, (at + done) / SECTOR, true);
		if (!sector)
			break;
		memcpy((char *)log_change(fs_first + sector) + offset, (const char *)from + done, part);
		done += part;
	}
	if (at + done > inode_read(number)->size && done)
		inode_change(number)->size = at + done;
	if (done || !n)
		return (int32_t)done;
	return at / SECTOR < FILE_SECTORS ? -ENOSPC : -EFBIG;
}

/* ---- freed --------------------------------------------------------------- */

/* depth: how many steps it is from this sector to data. */
static void free_sectors(uint32_t sector, unsigned depth)
{
	for (uint32_t i = 0; sector && depth && i < PER_SECTOR; i++)
		free_sectors(((const uint32_t *)log_sector(fs_first + sector))[i], depth - 1);
	set_free(sector);
}

void fs_truncate(uint32_t number)
{
	struct inode old = *inode_read(number);
	for (int i = 0; i < DIRECT; i++)
		free_sectors(old.direct[i], 0);
	free_sectors(old.indirect, 1);
	free_sectors(old.twice, 2);
	*inode_change(number) = (struct inode){ .type = old.type, .links = old.links };
}

void fs_drop(uint32_t number)
{
	if (inode_read(number)->links > 0 || file_inode_used(number))
		return;
	fs_truncate(number);
	inode_change(number)->type = TYPE_FREE;
	jail_give_sector();
}

/* ---- found, or made ------------------------------------------------------ */

static uint32_t sectors_for(uint32_t n, uint32_t each) { return (n + each - 1) / each; }

/* All of it follows from the number of sectors. */
static void plan(uint32_t sectors)
{
	fs = (struct superblock){ .magic = FS_MAGIC, .sectors = sectors, .log = 1 };
	fs.inode_count = sectors / 8;
	fs.inodes = fs.log + 1 + LOG_MOST;
	fs.bitmap = fs.inodes + sectors_for(fs.inode_count, INODES_PER_SECTOR);
	fs.data = fs.bitmap + sectors_for(sectors, BITS_PER_SECTOR);
}

static unsigned words_unlike(const struct superblock *stored)
{
	const uint32_t *a = (const uint32_t *)&fs, *b = (const uint32_t *)stored;
	unsigned n = 0;
	for (size_t i = 0; i < offsetof(struct superblock, zero) / sizeof(*a); i++)
		n += a[i] != b[i];
	return n;
}

static void write_superblock(void)
{
	memcpy(log_blank(fs_first), &fs, sizeof(fs));
	log_commit();
}

/* As it stands there, or but for one word. False: there is none, for what is there has next to nothing of one. */
static bool find_superblock(uint32_t room)
{
	enum { SOME_WORDS = 5 };
	struct superblock stored;
	memcpy(&stored, log_sector(fs_first), sizeof(stored));
	plan(stored.sectors);
	if (stored.sectors >= SECTORS_LEAST && stored.sectors <= room && words_unlike(&stored) == 0)
		return true;
	plan(room);
	if (words_unlike(&stored) > SOME_WORDS && stored.magic != FS_MAGIC)
		return false;
	for (uint32_t sectors = room; sectors >= SECTORS_LEAST; sectors--) {
		plan(sectors);
		if (words_unlike(&stored) == 1) {
			print("file system: its first sector was damaged\n");
			write_superblock();
			return true;
		}
	}
	panic("the file system's first sector is damaged, or the disk has been cut off");
}

/* What was there before is cleared: it need not be zeros.  The superblock comes last, so
 * that a half-made file system is none. */
static void make(uint32_t sectors)
{
	plan(sectors);
	log_recover(fs_first + fs.log);
	for (uint32_t sector = fs.log; sector < fs.data; sector++) {
		log_blank(fs_first + sector);
		log_commit();
	}
	for (uint32_t sector = 0; sector < fs.data; sector++) {
		set_used(sector);
		log_commit();
	}
	fs_new(TYPE_DIRECTORY);
	name_fill(ROOT_INODE, ROOT_INODE);
	log_commit();
}

static bool install(void);

void fs_start(void)
{
	fs_first = *cell(CELL_SECTORS);
	uint32_t all = disk_sectors(), sectors = least(all - fs_first, SECTORS_MOST);
	if (all < fs_first + SECTORS_LEAST)
		panic("the disk is too small for files: give the run --spare 2048, or a larger --disk");
	if (!find_superblock(sectors)) {
		make(sectors);
		if (!install())
			panic("the disk is too small for the programs: give the run --spare 2048, or a larger --disk");
		write_superblock();
		print("made a file system of %d sectors\n", (int)fs.sectors);
		return;
	}
	unsigned again = log_recover(fs_first + fs.log);
	if (again)
		print("finished a change of %d sectors that was cut off\n", (int)again);
	unsigned wrong = check_files();
	if (wrong)
		print("file system: %d things wrong, mended where it can be\n", (int)wrong);
}

/* ---- the programs that the kernel's image brings along ------------------- */

/* By programs.S, made by the build; ends with a name of NULL. */
struct packed_file {
	const char *path;
	const uint8_t *bytes, *end;
};

extern const struct packed_file packed_files[];

static const struct where top = { ROOT_INODE, ROOT_INODE };

static bool install_file(const struct packed_file *packed)
{
	int32_t inode = name_make(&top, packed->path, TYPE_FILE);
	uint32_t size = (uint32_t)(packed->end - packed->bytes), done = 0;
	while (inode > 0 && done < size) {
		int32_t n = fs_write((uint32_t)inode, done, packed->bytes + done, size - done);
		log_commit();
		if (n <= 0)
			return false;
		done += (uint32_t)n;
	}
	return inode > 0;
}

static bool install(void)
{
	static const char *const directories[] = { "/bin", "/home", "/tmp", "/vm", "/usr" };
	for (unsigned i = 0; i < sizeof(directories) / sizeof(directories[0]); i++)
		if (name_make(&top, directories[i], TYPE_DIRECTORY) < 0)
			return false;
	log_commit();
	for (const struct packed_file *packed = packed_files; packed->path; packed++)
		if (!install_file(packed))
			return false;
	return true;
}
