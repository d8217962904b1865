/* Completion and history.  See lines.h.  Readline asks without saying for whom, so this file
 * remembers that.
 */

#include "lines.h"

#include <readline/history.h>
#include <readline/readline.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct inspector *completed;

/* ---- completion --------------------------------------------------------- */

static char *next_completion(const char *word, int state)
{
	char before[256];
	snprintf(before, sizeof(before), "%.*s", rl_point - (int)strlen(word), rl_line_buffer);
	return command_complete(completed, before, word, (unsigned)state);
}

/* The generator is asked for the state-th word, counted from 0. */
static char **completions(const char *word, int start, int end)
{
	const struct inspector_command *command = start > 0 ? command_named(rl_line_buffer) : NULL;
	(void)end;
	rl_attempted_completion_over = !command || !command->takes_file;
	return command && command->takes_file ? NULL : rl_completion_matches(word, next_completion);
}

/* ---- history ------------------------------------------------------------ */

#define HISTORY_LINES 1000

/* Makes the folders of a path that are not there. */
static void make_folders(char *path)
{
	for (char *slash = path; (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
}

/* From malloc; NULL: there is no home. */
static char *history_path(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *path = NULL;
	int made = -1;
	if (state && *state == '/')
		made = asprintf(&path, "%s/droste/history", state);
	else if (home && *home == '/')
		made = asprintf(&path, "%s/.local/state/droste/history", home);
	return made < 0 ? NULL : path;
}

void lines_remember(const char *line)
{
	HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
	if (*line && (!last || strcmp(last->line, line) != 0))
		add_history(line);
}

void lines_start(const struct inspector *inspector)
{
	char *path = history_path();
	completed = inspector;
	rl_readline_name = "droste";
	rl_attempted_completion_function = completions;
	rl_completer_word_break_characters = " \t\n,=*(!&|<>+-@";
	rl_special_prefixes = "$";
	stifle_history(HISTORY_LINES);
	if (path)
		read_history(path);
	free(path);
}

void lines_keep(void)
{
	char *path = history_path();
	if (path) {
		make_folders(path);
		write_history(path);
	}
	free(path);
}
