/* ELF files: which of them are programs for PG-32, what they hold, and loading
 * one into a machine in place of a boot disk.  libelf reads the file; everything it
 * says is checked here.  Called through the window, and by whoever packs disks.
 */

#include <libelf.h>
#include <string.h>

#include "machine.h"

/* RISC-V ELF psABI, 8.1: e_flags. */
enum { EF_RVC = 0x1, EF_FLOAT_ABI = 0x6, EF_RVE = 0x8 };

static const char *unfit(const Elf32_Ehdr *header)
{
	if (header->e_machine != EM_RISCV)
		return "it is for another processor: PG-32 runs RISC-V";
	if (header->e_type != ET_EXEC)
		return "it is not linked to an executable: link it static and not position-independent";
	if (header->e_flags & EF_RVC)
		return "it has compressed instructions: compile with -march=rv32im";
	if (header->e_flags & (EF_FLOAT_ABI | EF_RVE))
		return "it uses a floating-point or embedded ABI: compile with -march=rv32im -mabi=ilp32";
	return NULL;
}

/* Linkers like to load the file's own headers with the first segment.  Over the trap
 * cells they would be taken for a new PSW, so there they are left out.  Returns how
 * many bytes that is. */
static uint32_t headers_over_cells(const Elf32_Phdr *p, const Elf32_Ehdr *header)
{
	uint64_t end = (uint64_t)header->e_phoff + (uint32_t)header->e_phnum * header->e_phentsize;
	if (p->p_offset != 0 || p->p_paddr >= CELL_FREE)
		return 0;
	return (uint32_t)(end < p->p_filesz ? end : p->p_filesz);
}

static bool add_segment(struct program *program, const Elf32_Ehdr *header, const Elf32_Phdr *p, const uint8_t *bytes,
                        size_t size, struct refusal *why)
{
	if (p->p_type != PT_LOAD || p->p_memsz == 0)
		return true;
	if (p->p_filesz > p->p_memsz || p->p_offset > size || p->p_filesz > size - p->p_offset)
		return refuse(why, "ELF file is damaged or cut off: the segment at 0x%x lies outside the file", p->p_paddr);
	if ((uint64_t)p->p_paddr + p->p_memsz > UINT32_MAX)
		return refuse(why, "the ELF segment at 0x%x ends beyond the 32-bit address space", p->p_paddr);
	if (program->segments == SEGMENTS_MOST)
		return refuse(why, "ELF file has more than %d segments to load", SEGMENTS_MOST);
	uint32_t skip = headers_over_cells(p, header);
	if (p->p_memsz == skip)
		return true;
	program->segment[program->segments++] = (struct segment){
		p->p_paddr + skip, p->p_filesz - skip, p->p_memsz - skip, bytes + p->p_offset + skip };
	if (p->p_paddr + p->p_memsz > program->end)
		program->end = p->p_paddr + p->p_memsz;
	return true;
}

static bool read_headers(struct program *program, Elf *elf, const uint8_t *bytes, size_t size, struct refusal *why)
{
	const char *ident = elf_getident(elf, NULL);
	if (elf_kind(elf) != ELF_K_ELF || !ident)
		return refuse(why, "not an ELF file");
	if (ident[EI_CLASS] != ELFCLASS32 || ident[EI_DATA] != ELFDATA2LSB)
		return refuse(why, "not a 32-bit little-endian ELF file: compile with -march=rv32im -mabi=ilp32");
	const Elf32_Ehdr *header = elf32_getehdr(elf);
	if (!header)
		return refuse(why, "ELF file is damaged or cut off: %s", elf_errmsg(-1));
	const char *reason = unfit(header);
	if (reason)
		return refuse(why, "cannot run this ELF file: %s", reason);

	/* A damaged file may have them at an odd address: libelf points there. */
	size_t n;
	const char *p = (const char *)elf32_getphdr(elf);
	if (elf_getphdrnum(elf, &n) != 0 || (n > 0 && !p))
		return refuse(why, "ELF file is damaged or cut off: %s", elf_errmsg(-1));
	program->entry = header->e_entry;
	for (size_t i = 0; i < n; i++) {
		Elf32_Phdr segment;
		memcpy(&segment, p + i * sizeof(segment), sizeof(segment));
		if (!add_segment(program, header, &segment, bytes, size, why))
			return false;
	}
	if (program->segments == 0)
		return refuse(why, "ELF file has nothing to load");
	return true;
}

bool program_read(struct program *program, const void *bytes, size_t size, struct refusal *why)
{
	*program = (struct program){ 0 };
	if (size == 0)
		return refuse(why, "the file is empty");
	elf_version(EV_CURRENT);
	/* libelf only reads from the image of an Elf that is never written. */
	Elf *elf = elf_memory((char *)(uintptr_t)bytes, size);
	if (!elf)
		return refuse(why, "ELF file is damaged: %s", elf_errmsg(-1));
	bool fit = read_headers(program, elf, bytes, size, why);
	elf_end(elf);
	return fit;
}

bool program_covers(const struct program *program, uint32_t at, uint32_t n)
{
	for (unsigned i = 0; i < program->segments; i++) {
		const struct segment *s = &program->segment[i];
		if (s->address < at + n && at < s->address + s->bytes)
			return true;
	}
	return false;
}

bool machine_load_elf(struct machine *m, const void *bytes, size_t size, struct refusal *why)
{
	struct program program;
	if (!program_read(&program, bytes, size, why))
		return false;
	if (program.end > m->size)
		return refuse(why, "program of %u bytes does not fit in %u bytes of storage", program.end, m->size);
	machine_clear(m);
	for (unsigned i = 0; i < program.segments; i++) {
		const struct segment *s = &program.segment[i];
		memset(m->storage + s->address, 0, s->bytes);
		memcpy(m->storage + s->address, s->data, s->file_bytes);
	}
	if (!program_covers(&program, CELL_NEW_PSW, sizeof(struct psw))) {
		uint32_t psw[5] = { program.entry, 0, 0, BOUND_ALL, 0 };
		storage_write_real(m, CELL_NEW_PSW, 5, psw);
	}
	trap_take(m, CAUSE_RESET, m->size);
	return true;
}
