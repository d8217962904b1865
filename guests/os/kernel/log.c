/* Sectors of the disk, and changes to several of them at once.  A commit writes the
 * changed sectors to the log, then the log's header, which makes them count, then the
 * sectors themselves, then an empty header.  A machine that stops at any of these writes
 * finds, when it starts again, all of the change or nothing of it (Gray 1978).  The disk
 * writes a sector whole or not at all.
 */

#include "kernel.h"

enum { BUFFERS = LOG_MOST + 8 };

static struct buffer {
	uint32_t sector; /* 0: free; sector 0 is never asked for */
	uint32_t used;   /* when, to find the oldest */
	bool changed;
	uint8_t bytes[SECTOR];
} buffers[BUFFERS];

struct log_header {
	uint32_t magic, n;
	uint32_t sector[LOG_MOST]; /* the i-th stands at the log's first + 1 + i */
	uint32_t zero[SECTOR / 4 - 2 - LOG_MOST];
};

#define LOG_MAGIC UINT32_C(0x20676F4C) /* 'Log ' */

static uint32_t log_first, uses;

static void must(enum condition cc)
{
	if (cc != CC_DONE)
		panic("the disk refuses");
}

/* ---- the cache ----------------------------------------------------------- */

/* The buffer of a sector, or the one to take for it: the oldest that has not changed. */
static struct buffer *find(uint32_t sector)
{
	struct buffer *oldest = NULL;
	for (struct buffer *b = buffers; b < buffers + BUFFERS; b++) {
		if (b->sector == sector)
			return b;
		if (!b->changed && (!oldest || b->used < oldest->used))
			oldest = b;
	}
	if (!oldest)
		panic("a change of too many sectors");
	return oldest;
}

static struct buffer *get(uint32_t sector, bool blank)
{
	struct buffer *b = find(sector);
	if (blank)
		memset(b->bytes, 0, SECTOR);
	else if (b->sector != sector)
		must(disk_read(sector, b->bytes, SECTOR));
	b->sector = sector;
	b->used = ++uses;
	return b;
}

void *log_sector(uint32_t sector) { return get(sector, false)->bytes; }

static void *change(uint32_t sector, bool blank)
{
	struct buffer *b = get(sector, blank);
	b->changed = true;
	return b->bytes;
}

void *log_change(uint32_t sector) { return change(sector, false); }
void *log_blank(uint32_t sector) { return change(sector, true); }

/* ---- commit and recovery ------------------------------------------------- */

static void write_header(const struct log_header *header) { must(disk_write(log_first, header, SECTOR)); }

/* Writes what has changed to where it belongs. */
static void write_home(void)
{
	for (struct buffer *b = buffers; b < buffers + BUFFERS; b++)
		if (b->changed) {
			must(disk_write(b->sector, b->bytes, SECTOR));
			b->changed = false;
		}
}

/* How many have changed; if there is more than one, the log has them now. */
static uint32_t write_log(struct log_header *header)
{
	for (struct buffer *b = buffers; b < buffers + BUFFERS; b++) {
		if (b->changed && header->n == LOG_MOST)
			panic("a change of too many sectors");
		if (b->changed)
			header->sector[header->n++] = b->sector;
	}
	for (uint32_t i = 0; i < header->n && header->n > 1; i++)
		must(disk_write(log_first + 1 + i, find(header->sector[i])->bytes, SECTOR));
	return header->n;
}

/* One sector needs no log. */
void log_commit(void)
{
	struct log_header header = { .magic = LOG_MAGIC };
	uint32_t n = write_log(&header);
	if (n > 1)
		write_header(&header);
	write_home();
	if (n > 1)
		write_header(&(struct log_header){ .magic = LOG_MAGIC });
}

void log_abort(void)
{
	for (struct buffer *b = buffers; b < buffers + BUFFERS; b++)
		if (b->changed)
			*b = (struct buffer){ 0 };
}

unsigned log_recover(uint32_t first)
{
	static uint8_t bytes[SECTOR];
	struct log_header header;
	log_first = first;
	must(disk_read(first, &header, SECTOR));
	if (header.magic != LOG_MAGIC || header.n > LOG_MOST)
		header.n = 0;
	for (uint32_t i = 0; i < header.n; i++) {
		must(disk_read(first + 1 + i, bytes, SECTOR));
		must(disk_write(header.sector[i], bytes, SECTOR));
	}
	if (header.n > 0)
		write_header(&(struct log_header){ .magic = LOG_MAGIC });
	return header.n;
}
