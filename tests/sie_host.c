/* The host of sie_host.h.  Its registers are its guest's, so that it has none: what it
 * needs between two runs is saved and loaded around. */

#include "sie_host.h"

#include <stdlib.h>
#include <string.h>

#include "assemble.h"
#include "random.h"

/* Addresses; up to 0x800 x0 reaches them. */
enum {
	SAVED = 0x40, HASH = 0x60, LEFT = 0x64, DESCRIPTION = 0x80, ARM = 0xC0, HANDLER = 0x100, ENTRY = 0x180, LOOP = 0x200,
	ORIGIN = 0x400, TURNS = 60,
};

#define AT(member) (DESCRIPTION + (int)offsetof(struct state_description, member))

struct writer {
	uint8_t *image;
	uint32_t at;
};

static void put(struct writer *p, uint32_t word)
{
	memcpy(p->image + p->at, &word, sizeof(word));
	p->at += 4;
}

/* Interrupts of the host's: its timer begins anew, and whatever ran goes on. */
static void put_handler(struct writer *p, uint32_t timer)
{
	p->at = HANDLER;
	put(p, as_sw(X31, SAVED + 12, X0));
	put(p, as_addi(X31, X0, (int)timer));
	put(p, as_sw(X31, 16, X0));
	put(p, as_lw(X31, SAVED + 12, X0));
	put(p, as_lpsw(0, X0));
}

static void put_hash(struct writer *p, int address)
{
	put(p, as_lw(X29, address, X0));
	put(p, as_slli(X31, X30, 5));
	put(p, as_add(X30, X30, X31));
	put(p, as_xor(X30, X30, X29));
}

/* What an intercepted instruction asked for is not done; a guest that check-stopped goes on all
 * the same. */
static void put_loop(struct writer *p, uint32_t status)
{
	p->at = LOOP;
	put(p, as_sie(DESCRIPTION, X0));
	for (unsigned i = 0; i < 3; i++)
		put(p, as_sw(X29 + i, SAVED + 4 * (int)i, X0));
	put(p, as_lw(X30, HASH, X0));
	put_hash(p, AT(code));
	put_hash(p, AT(parameter));
	put_hash(p, AT(completed));
	put_hash(p, AT(psw.pc));
	put(p, as_sw(X30, HASH, X0));
	put(p, as_andi(X29, X30, 3)); /* pending lines, now and then */
	put(p, as_sw(X29, AT(pending), X0));
	put(p, as_lw(X29, AT(code), X0));
	put(p, as_addi(X31, X0, INTERCEPTION_INSTRUCTION));
	put(p, as_bltu(X29, X31, 20));
	put(p, as_lw(X29, AT(psw.pc), X0));
	put(p, as_addi(X29, X29, 4));
	put(p, as_sw(X29, AT(psw.pc), X0));
	put(p, as_sw(X0, AT(trapped), X0));
	put(p, as_andi(X29, X30, 7));
	put(p, as_bne(X29, X0, 8));
	put(p, as_sio(X0, ARM, X0));
	put(p, as_lw(X31, LEFT, X0));
	put(p, as_addi(X31, X31, -1));
	put(p, as_sw(X31, LEFT, X0));
	put(p, as_bne(X31, X0, 8));
	put(p, as_halt(X30));
	put(p, as_andi(X29, X30, 31)); /* a timer of some instructions */
	put(p, as_addi(X29, X29, 2));
	put(p, as_stmr(X0, X29));
	put(p, as_addi(X29, X0, (int)status));
	put(p, as_ssm(X0, X29));
	for (unsigned i = 0; i < 3; i++)
		put(p, as_lw(X29 + i, SAVED + 4 * (int)i, X0));
	put(p, as_jal(X0, LOOP - (int)p->at));
}

static void put_words(struct writer *p, uint32_t at, const void *words, size_t n) { memcpy(p->image + at, words, n); }

static struct state_description describe(const struct guest *guest, struct dice *dice)
{
	struct state_description d = { .origin = ORIGIN, .extent = guest->plan.storage, .clock = { dice_word(dice), 0 } };
	memcpy(&d.psw, guest->plan.disk.image + CELL_NEW_PSW, sizeof(d.psw));
	if (dice_one_in(dice, 4))
		d.origin = 4 * dice_below(dice, ORIGIN / 4); /* over the host itself */
	if (dice_one_in(dice, 4))
		d.extent -= 4 * dice_below(dice, d.extent / 8);
	if (dice_one_in(dice, 16))
		d.extent += dice_word(dice) % 1024;
	d.trapped = dice_one_in(dice, 8);
	return d;
}

bool sie_host(struct guest *guest, uint64_t seed)
{
	struct dice dice = { seed };
	const struct boot_disk inner = guest->plan.disk;
	const uint32_t image_bytes = ORIGIN + inner.sectors * SECTOR;
	struct writer p = { calloc(1, image_bytes), 0 };
	if (!p.image)
		return false;
	const struct state_description d = describe(guest, &dice);
	const uint32_t header[] = { ENTRY, 0, 0, BOUND_ALL, 0, BOOT_MAGIC, image_bytes / SECTOR, 0 };
	const struct command_block arm = { DEVICE_CONSOLE, CONSOLE_ARM, dice_below(&dice, 2), 0, 0, 0 };
	const uint32_t turns = TURNS;
	put_words(&p, ORIGIN, inner.image, (size_t)inner.sectors * SECTOR);
	put_words(&p, CELL_NEW_PSW, header, sizeof(header));
	put_words(&p, DESCRIPTION, &d, sizeof(d));
	put_words(&p, ARM, &arm, sizeof(arm));
	put_words(&p, LEFT, &turns, sizeof(turns));
	put_handler(&p, 1 + dice_below(&dice, 40));
	put_loop(&p, dice_below(&dice, 4) * STATUS_IE);
	p.at = ENTRY; /* from here on traps lead to the handler */
	put(&p, as_addi(X1, X0, HANDLER));
	put(&p, as_sw(X1, CELL_NEW_PSW, X0));
	put(&p, as_jal(X0, LOOP - (int)p.at));
	guest->plan.disk = (struct boot_disk){ p.image, image_bytes / SECTOR };
	guest->plan.storage = ORIGIN + (guest->plan.storage > inner.sectors * SECTOR ? guest->plan.storage : inner.sectors * SECTOR);
	struct boot_disk used = inner;
	disk_free(&used);
	return true;
}
