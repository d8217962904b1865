/* From an ELF file on the disk to a process's storage: its segments at their addresses,
 * which are virtual and so need no change; behind them the stack, then the heap.
 *
 *     0 ...  segments  | stack: argc, argv[0] ... NULL, NULL, texts |  heap
 *
 * Foreign bytes: whatever the file says is checked against the process's own storage.
 */

#include <elf.h>

#include "kernel.h"

enum { SEGMENTS = 8, STORAGE_MOST = 1 << 22 };

struct image {
	uint32_t entry, end;
	Elf32_Phdr segment[SEGMENTS];
	unsigned n;
};

static bool read_all(uint32_t inode, uint32_t at, void *to, uint32_t n)
{
	return fs_read(inode, at, to, n) == (int32_t)n;
}

static int32_t add_segment(struct image *image, const Elf32_Phdr *segment)
{
	if (segment->p_type != PT_LOAD || segment->p_memsz == 0)
		return 0;
	if (image->n == SEGMENTS || segment->p_filesz > segment->p_memsz || segment->p_memsz > STORAGE_MOST ||
	    segment->p_vaddr > STORAGE_MOST - segment->p_memsz)
		return -ENOEXEC;
	image->segment[image->n++] = *segment;
	if (segment->p_vaddr + segment->p_memsz > image->end)
		image->end = segment->p_vaddr + segment->p_memsz;
	return 0;
}

static int32_t read_image(uint32_t inode, struct image *image)
{
	Elf32_Ehdr header;
	int32_t error = 0;
	if (!read_all(inode, 0, &header, sizeof(header)) || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
	    header.e_ident[EI_CLASS] != ELFCLASS32 || header.e_machine != EM_RISCV || header.e_type != ET_EXEC ||
	    header.e_phentsize != sizeof(Elf32_Phdr))
		return -ENOEXEC;
	*image = (struct image){ .entry = header.e_entry };
	for (uint32_t i = 0; i < header.e_phnum && !error; i++) {
		Elf32_Phdr segment;
		if (!read_all(inode, header.e_phoff + i * sizeof(segment), &segment, sizeof(segment)))
			return -ENOEXEC;
		error = add_segment(image, &segment);
	}
	return error ? error : image->n > 0 ? 0 : -ENOEXEC;
}

static bool load(uint32_t inode, const struct image *image, struct process *p)
{
	for (unsigned i = 0; i < image->n; i++) {
		const Elf32_Phdr *segment = &image->segment[i];
		void *to = process_bytes(p, segment->p_vaddr, segment->p_filesz);
		if (!to || !read_all(inode, segment->p_offset, to, segment->p_filesz))
			return false;
	}
	return true;
}

/* The texts at the top of the stack, below them argv.  Returns the stack pointer. */
static uint32_t push_arguments(struct process *p, uint32_t top, const char *arguments, uint32_t bytes, uint32_t n)
{
	uint32_t texts = top - bytes, sp = (texts - 4 * (n + 3)) & ~UINT32_C(15);
	uint32_t *words = process_bytes(p, sp, 4 * (n + 3));
	memcpy(process_bytes(p, texts, bytes), arguments, bytes);
	*words++ = n;
	for (uint32_t i = 0, at = 0; i < n; i++, at += strlen(arguments + at) + 1)
		*words++ = texts + at;
	words[0] = words[1] = 0;
	return sp;
}

static void set_name(struct process *p, const char *path)
{
	const char *slash = strrchr(path, '/');
	strncpy(p->name, slash ? slash + 1 : path, sizeof(p->name) - 1);
	p->name[sizeof(p->name) - 1] = '\0';
}

/* The new storage is filled before the old one is given up, so that a program that cannot
 * be loaded leaves the process as it was.  path and arguments (n texts, one behind the other)
 * are in the kernel's storage. */
int32_t exec(struct process *p, const char *path, const char *arguments, uint32_t bytes, uint32_t n)
{
	struct image image;
	int32_t inode = name_find(&p->where, path);
	int32_t error = inode < 0 ? inode : read_image((uint32_t)inode, &image);
	if (error)
		return error;
	uint32_t top = (image.end + STACK_BYTES + 15) & ~UINT32_C(15);
	struct process place = { .jail = p->jail };
	if (!jail_may_have(p->jail, top) || !storage_take(&place, top) || !load((uint32_t)inode, &image, &place))
		return -ENOMEM;
	set_name(p, path);
	p->base = place.base;
	p->size = place.size;
	p->heap = top;
	p->context = (struct context){ .psw.pc = image.entry };
	p->context.x[2] = push_arguments(p, top, arguments, bytes, n);
	return 0;
}
