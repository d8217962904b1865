/* The whole state of a machine kept, and put back later.  Storage and disk are kept
 * in pages: those that are as in an earlier snapshot are shared with it, those of
 * zeros are not kept at all.  Called through the window by whoever goes back in time.
 */

#include <stdlib.h>
#include <string.h>

#include "machine.h"

enum { PAGE = 4096 };

static const uint8_t zeros[PAGE];

struct page {
	unsigned references;
	uint8_t bytes[PAGE];
};

/* Memory as it was; a page that is NULL held zeros. */
struct image {
	size_t size;
	struct page **pages;
};

struct snapshot {
	struct image storage, disk;
	uint32_t x[32];
	struct psw psw;
	uint64_t clock;
	bool trapped;
	enum machine_end end;
	uint8_t exit_code;
	uint32_t pending_lines;
	bool interpretive;
	uint32_t origin, extent;
	struct host host;
	struct machine_counts counts;
	struct line line[LINES_MOST]; /* input from head 0 to tail */
};

/* ---- pages -------------------------------------------------------------- */

static size_t pages_of(size_t size) { return size / PAGE + (size % PAGE != 0); }

static size_t page_bytes(size_t size, size_t i) { return size - i * PAGE < PAGE ? size - i * PAGE : PAGE; }

static const uint8_t *content(const struct page *page) { return page ? page->bytes : zeros; }

static struct page *new_page(const uint8_t *from, size_t n, size_t *bytes)
{
	struct page *page = malloc(sizeof(*page));
	if (!page)
		return NULL;
	page->references = 1;
	memcpy(page->bytes, from, n);
	*bytes += sizeof(*page);
	return page;
}

/* The n bytes at from as a page; before is the page there in an earlier snapshot.  False if
 * out of memory. */
static bool keep_page(struct page **kept, const uint8_t *from, size_t n, struct page *before, size_t *bytes)
{
	*kept = NULL;
	if (memcmp(from, content(before), n) == 0) {
		if (before)
			before->references++;
		*kept = before;
		return true;
	}
	if (memcmp(from, zeros, n) == 0)
		return true;
	*kept = new_page(from, n, bytes);
	return *kept != NULL;
}

static bool image_keep(struct image *image, const uint8_t *from, size_t size, const struct image *before,
                       size_t *bytes)
{
	image->size = size;
	image->pages = calloc(pages_of(size) + 1, sizeof(*image->pages));
	if (!image->pages)
		return false;
	*bytes += pages_of(size) * sizeof(*image->pages);
	for (size_t i = 0; i < pages_of(size); i++) {
		struct page *there = before && before->size == size ? before->pages[i] : NULL;
		if (!keep_page(&image->pages[i], from + i * PAGE, page_bytes(size, i), there, bytes))
			return false;
	}
	return true;
}

static void image_free(struct image *image, size_t *bytes)
{
	if (!image->pages)
		return;
	for (size_t i = 0; i < pages_of(image->size); i++) {
		struct page *page = image->pages[i];
		if (page && --page->references == 0) {
			free(page);
			*bytes -= sizeof(*page);
		}
	}
	free(image->pages);
	*bytes -= pages_of(image->size) * sizeof(*image->pages);
}

static void restore_storage(struct machine *m, const struct image *image)
{
	for (size_t i = 0; i < pages_of(image->size); i++) {
		uint8_t *at = m->storage + i * PAGE;
		size_t n = page_bytes(image->size, i);
		if (memcmp(at, content(image->pages[i]), n) == 0)
			continue;
		memcpy(at, content(image->pages[i]), n);
		if (m->engine)
			engine_forget(m, (uint32_t)(i * PAGE), (uint32_t)n);
	}
}

/* ---- console lines ------------------------------------------------------ */

/* A line with its waiting input only.  False if out of memory; then to has none. */
static bool copy_line(struct line *to, const struct line *from)
{
	size_t n = from->tail - from->head;
	*to = *from;
	to->input = NULL;
	to->head = to->tail = to->room = 0;
	if (n == 0)
		return true;
	to->input = malloc(n);
	if (!to->input)
		return false;
	memcpy(to->input, from->input + from->head, n);
	to->tail = to->room = n;
	return true;
}

static bool copy_lines(struct line *to, const struct line *from)
{
	bool good = true;
	for (unsigned n = 0; n < LINES_MOST; n++)
		good &= copy_line(&to[n], &from[n]);
	return good;
}

static void free_lines(struct line *line)
{
	for (unsigned n = 0; n < LINES_MOST; n++)
		free(line[n].input);
}

static size_t lines_bytes(const struct line *line)
{
	size_t bytes = 0;
	for (unsigned n = 0; n < LINES_MOST; n++)
		bytes += line[n].room;
	return bytes;
}

/* ---- the whole ---------------------------------------------------------- */

static size_t disk_bytes(const struct machine *m) { return (size_t)m->disk.sectors * SECTOR; }

struct snapshot *machine_snapshot(const struct machine *m, const struct snapshot *before, size_t *bytes)
{
	struct snapshot *s = calloc(1, sizeof(*s));
	if (!s)
		return NULL;
	*bytes += sizeof(*s);
	if (!copy_lines(s->line, m->line) ||
	    !image_keep(&s->storage, m->storage, m->size, before ? &before->storage : NULL, bytes) ||
	    !image_keep(&s->disk, m->disk.image, disk_bytes(m), before ? &before->disk : NULL, bytes)) {
		*bytes += lines_bytes(s->line);
		snapshot_free(s, bytes);
		return NULL;
	}
	*bytes += lines_bytes(s->line);
	memcpy(s->x, m->x, sizeof(s->x));
	s->psw = m->psw;
	s->clock = m->clock;
	s->trapped = m->trapped;
	s->end = m->end;
	s->exit_code = m->exit_code;
	s->pending_lines = m->pending_lines;
	s->interpretive = m->interpretive;
	s->origin = m->origin;
	s->extent = m->extent;
	s->host = m->host;
	s->counts = m->counts;
	return s;
}

bool machine_restore(struct machine *m, const struct snapshot *s)
{
	struct line line[LINES_MOST];
	if (!copy_lines(line, s->line)) {
		free_lines(line);
		return false;
	}
	free_lines(m->line);
	memcpy(m->line, line, sizeof(line));
	restore_storage(m, &s->storage);
	for (size_t i = 0; i < pages_of(s->disk.size); i++)
		memcpy(m->disk.image + i * PAGE, content(s->disk.pages[i]), page_bytes(s->disk.size, i));
	memcpy(m->x, s->x, sizeof(s->x));
	m->psw = s->psw;
	m->clock = s->clock;
	m->trapped = s->trapped;
	m->end = s->end;
	m->exit_code = s->exit_code;
	m->pending_lines = s->pending_lines;
	m->interpretive = s->interpretive;
	storage_confine(m, s->origin, s->extent);
	m->host = s->host;
	m->counts = s->counts;
	return true;
}

void snapshot_free(struct snapshot *s, size_t *bytes)
{
	if (!s)
		return;
	image_free(&s->storage, bytes);
	image_free(&s->disk, bytes);
	*bytes -= lines_bytes(s->line) + sizeof(*s);
	free_lines(s->line);
	free(s);
}
