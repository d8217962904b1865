/* The file system as it stands on the disk: superblock, log, inodes, a bitmap of the sectors
 * in use, data.  After Thompson and Ritchie's of 1974.  For fs.c and check.c.
 */
#ifndef FS_H
#define FS_H

#include "kernel.h"

#define FS_MAGIC UINT32_C(0x53467244) /* 'DrFS' */

/* The first sector; all others are counted from it. */
struct superblock {
	uint32_t magic, sectors;
	uint32_t log, inodes, bitmap, data; /* where each begins */
	uint32_t inode_count;
	uint32_t zero[SECTOR / 4 - 7];
};

enum {
	DIRECT = 11, PER_SECTOR = SECTOR / 4,
	FILE_SECTORS = DIRECT + PER_SECTOR + PER_SECTOR * PER_SECTOR,
	INODES_PER_SECTOR = 8, BITS_PER_SECTOR = 8 * SECTOR,
	SECTORS_LEAST = 256, SECTORS_MOST = 16 * BITS_PER_SECTOR,
};

struct inode {
	uint32_t type, links, size;
	uint32_t direct[DIRECT]; /* sectors; 0: a hole */
	uint32_t indirect;       /* a sector of PER_SECTOR more */
	uint32_t twice;          /* a sector of PER_SECTOR such sectors */
};

_Static_assert(sizeof(struct inode) * INODES_PER_SECTOR == SECTOR, "inodes fill a sector");
_Static_assert(sizeof(struct superblock) == SECTOR, "a sector");

extern struct superblock fs;
extern uint32_t fs_first; /* on the disk */

/* Good until the next look at another sector. */
const struct inode *inode_read(uint32_t number);
struct inode *inode_change(uint32_t number);

/* The sector of the index-th part of a file; 0: a hole. */
uint32_t inode_sector(uint32_t number, uint32_t index);

#endif
