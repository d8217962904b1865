/* A program's checks of what it finds, and a digest of what it saw, so that its output
 * depends on both.  No libc.  This state is the program's own, one to a program.
 */

#include "droste.h"

static struct {
	uint32_t checks, failures;
	uint32_t digest;
} report = { .digest = 2166136261 }; /* FNV-1a */

void check(bool holds, const char *what)
{
	report.checks++;
	if (holds)
		return;
	report.failures++;
	print("failed: %s\n", what);
}

void check_equal(uint32_t is, uint32_t should_be, const char *what)
{
	check_saw(&is, 1);
	report.checks++;
	if (is == should_be)
		return;
	report.failures++;
	print("failed: %s: is 0x%lx, should be 0x%lx\n", what, is, should_be);
}

void check_saw(const uint32_t *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		report.digest = (report.digest ^ words[i]) * 16777619;
}

uint32_t check_failures(void) { return report.failures; }

int check_report(void)
{
	print("%lu checks, %lu failed, digest %08lx\n", report.checks, report.failures, report.digest);
	return report.failures != 0;
}
