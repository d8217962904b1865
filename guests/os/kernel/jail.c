/* Jails: virtual machines at the level of the operating system.  One kernel; but the
 * processes inside see a file tree, process numbers, and a share of storage, disk and
 * processor of their own, and nothing else (Kamp and Watson 2000).
 */

#include "kernel.h"

enum { JAILS = 6, PERIOD = 1000000 /* instructions, in which a share is counted */, WHOLE = 1000 };

static struct jail jails[JAILS];

struct jail *const jail_outside = jails;

static bool is_empty(const struct jail *jail)
{
	for (const struct process *p = processes; p < processes + PROCESSES; p++)
		if (p->state != PROCESS_NONE && p->jail == jail)
			return false;
	return true;
}

struct jail *jail_new(const struct jail_limits *limits)
{
	for (struct jail *jail = jails + 1; jail < jails + JAILS; jail++)
		if (is_empty(jail)) {
			*jail = (struct jail){ .limits = *limits };
			return jail;
		}
	return NULL;
}

/* ---- what it may have ---------------------------------------------------- */

bool jail_may_fork(const struct jail *jail)
{
	uint32_t n = 0;
	for (const struct process *p = processes; p < processes + PROCESSES; p++)
		n += p->state != PROCESS_NONE && p->jail == jail;
	return jail->limits.processes == 0 || n < jail->limits.processes;
}

bool jail_may_have(const struct jail *jail, uint32_t more)
{
	uint32_t all = 0;
	for (const struct process *p = processes; p < processes + PROCESSES; p++)
		all += p->state != PROCESS_NONE && p->jail == jail ? p->size : 0;
	return jail->limits.storage == 0 || (all <= jail->limits.storage && more <= jail->limits.storage - all);
}

/* ---- the disk ------------------------------------------------------------ */

static struct jail *payer = jails;
static int32_t taken; /* not yet committed */

void jail_pays(struct jail *jail)
{
	payer = jail;
	taken = 0;
}

bool jail_take_sector(void)
{
	int32_t has = payer->disk + taken;
	if (payer->limits.disk && has >= 0 && (uint32_t)has >= payer->limits.disk)
		return false;
	taken++;
	return true;
}

void jail_give_sector(void) { taken--; }

void jail_settle(void)
{
	payer->disk += taken;
	taken = 0;
}

/* ---- the processor ------------------------------------------------------- */

void jail_ran(struct jail *jail, uint32_t instructions)
{
	uint64_t now = stck() / PERIOD;
	if (jail->period != now) {
		jail->period = now;
		jail->ran = 0;
	}
	jail->ran += instructions;
}

uint32_t jail_has_left(const struct jail *jail)
{
	if (jail->limits.share == 0)
		return UINT32_MAX;
	uint64_t most = (uint64_t)jail->limits.share * (PERIOD / WHOLE), ran = jail->period == stck() / PERIOD ? jail->ran : 0;
	return ran >= most ? 0 : most - ran > UINT32_MAX ? UINT32_MAX : (uint32_t)(most - ran);
}

/* A share that is used up comes back with the next period. */
uint64_t jail_rests_until(const struct jail *jail) { return jail_has_left(jail) ? 0 : (jail->period + 1) * PERIOD; }
