/* sh [FILE]: the shell.  A line is commands between ; and &; a command is programs between
 * |, each with words, <FILE, >FILE or >>FILE.  'text' and "text" are one word; # begins a
 * comment.  cd, exit and help are its own.
 */

#include <errno.h>

#include "edit.h"
#include "program.h"

enum { WORDS = 24, STAGES = 6 };

/* One program of a pipeline. */
struct stage {
	char *word[WORDS + 1];
	int n;
	char *from, *to;
	bool append;
};

struct pipeline {
	struct stage stage[STAGES];
	int n;
	bool behind; /* the shell does not wait for it */
};

static int last_code;

/* ---- a line taken apart -------------------------------------------------- */

/* The next word or sign, in place.  A sign comes as one of ";&|<>+" (+ is >>), a word as 'w',
 * the end as 0. */
static char next_token(char **at, char **word)
{
	char *s = *at + strspn(*at, " \t");
	char sign = *s;
	if (sign == '\0' || sign == '#')
		return 0;
	if (strchr(";&|<>", sign)) {
		*at = s + 1;
		if (sign == '>' && s[1] == '>') {
			*at = s + 2;
			sign = '+';
		}
		return sign;
	}
	char quote = sign == '\'' || sign == '"' ? sign : 0;
	*word = quote ? s + 1 : s;
	*at = quote ? *word + strcspn(*word, quote == '"' ? "\"" : "'") : s + strcspn(s, " \t;&|<>");
	return 'w';
}

/* Ends the word that next_token gave, once the sign behind it has been looked at. */
static char *copy_word(const char *word, const char *end)
{
	char *copy = strndup(word, (size_t)(end - word));
	if (!copy) {
		complain("sh", "word");
		exit(1);
	}
	return copy;
}

static bool add_word(struct pipeline *p, char mode, char *word)
{
	struct stage *stage = &p->stage[p->n - 1];
	if (mode == '<') {
		stage->from = word;
	} else if (mode == '>' || mode == '+') {
		stage->to = word;
		stage->append = mode == '+';
	} else if (stage->n < WORDS) {
		stage->word[stage->n++] = word;
	} else {
		return false;
	}
	return true;
}

static bool wrong(const char *what)
{
	fprintf(stderr, "sh: %s\n", what);
	last_code = 2;
	return false;
}

/* A pipeline from the text on, up to ; & or the end.  False if it makes no sense. */
static bool parse(char **at, struct pipeline *p)
{
	char *word = NULL, mode = 'w';
	*p = (struct pipeline){ .n = 1 };
	for (;;) {
		char token = next_token(at, &word);
		if (token == 'w') {
			char *copy = copy_word(word, *at);
			if (**at == '\'' || **at == '"')
				++*at;
			if (!add_word(p, mode, copy))
				return wrong("too many words");
			mode = 'w';
			continue;
		}
		if (mode != 'w')
			return wrong("a file's name is missing");
		if (token == '|' && (p->stage[p->n - 1].n == 0 || p->n == STAGES))
			return wrong(p->n == STAGES ? "too many programs in a row" : "a program is missing");
		if (token == '|') {
			p->n++;
		} else if (strchr("<>+", token) && token) {
			mode = token;
		} else {
			p->behind = token == '&';
			return p->stage[p->n - 1].n > 0 || p->n == 1 || wrong("a program is missing");
		}
	}
}

static void forget(struct pipeline *p)
{
	for (struct stage *s = p->stage; s < p->stage + p->n; s++) {
		for (int i = 0; i < s->n; i++)
			free(s->word[i]);
		free(s->from);
		free(s->to);
	}
}

/* ---- a pipeline run ------------------------------------------------------- */

static void open_as(const char *path, int flags, int fd)
{
	int opened = path ? open(path, flags, 0666) : fd;
	if (opened < 0)
		exit(complain("sh", path));
	if (opened != fd) {
		dup2(opened, fd);
		close(opened);
	}
}

static void move_to(int from, int to)
{
	if (from == to)
		return;
	dup2(from, to);
	close(from);
}

/* In the child: becomes the program. */
static _Noreturn void become(const struct stage *stage)
{
	char path[64];
	open_as(stage->from, O_RDONLY, STDIN_FILENO);
	open_as(stage->to, O_WRONLY | O_CREAT | (stage->append ? O_APPEND : O_TRUNC), STDOUT_FILENO);
	snprintf(path, sizeof(path), strchr(stage->word[0], '/') ? "%s" : "/bin/%s", stage->word[0]);
	execv(path, stage->word);
	complain("sh", stage->word[0]);
	_exit(errno == ENOENT ? 127 : 126);
}

/* Starts a stage that reads from a descriptor, and gives the one that the next reads from. */
static int start(const struct pipeline *p, int i, int from, int *pid)
{
	int ends[2] = { -1, STDOUT_FILENO };
	if (i < p->n - 1 && pipe(ends) < 0) {
		complain("sh", "pipe");
		return -1;
	}
	*pid = fork();
	if (*pid == 0) {
		if (i == 0)
			os_group();
		if (i == 0 && !p->behind)
			os_terminal(TERMINAL_LINES);
		if (ends[0] >= 0)
			close(ends[0]);
		move_to(from, STDIN_FILENO);
		move_to(ends[1], STDOUT_FILENO);
		become(&p->stage[i]);
	}
	if (*pid < 0)
		complain("sh", "fork");
	if (from != STDIN_FILENO)
		close(from);
	if (ends[0] >= 0)
		close(ends[1]);
	return ends[0];
}

/* Until the last of n programs has ended; others may end meanwhile. */
static void await(const int *pids, int n)
{
	for (int left = n; left > 0;) {
		int code, pid = os_wait(&code);
		if (pid < 0)
			return;
		for (int i = 0; i < n; i++)
			left -= pids[i] == pid;
		if (pid == pids[n - 1])
			last_code = code;
	}
}

static void run(const struct pipeline *p)
{
	int pids[STAGES], n = 0, from = STDIN_FILENO;
	while (n < p->n && from >= 0) {
		from = start(p, n, from, &pids[n]);
		if (pids[n] < 0)
			break;
		n++;
	}
	if (p->behind && n > 0)
		printf("[%d]\n", pids[n - 1]);
	else if (n > 0)
		await(pids, n);
}

/* ---- the shell's own commands -------------------------------------------- */

static bool own_command(char *const *word, int n)
{
	if (strcmp(word[0], "cd") == 0) {
		if (chdir(n > 1 ? word[1] : "/home") < 0)
			last_code = complain("cd", n > 1 ? word[1] : "/home");
	} else if (strcmp(word[0], "exit") == 0) {
		exit(n > 1 ? atoi(word[1]) : last_code);
	} else if (strcmp(word[0], "help") == 0) {
		puts("PROGRAM WORD... <FROM >TO >>TO | PROGRAM... ; or & ; cd, exit; programs are in /bin");
	} else {
		return false;
	}
	return true;
}

static void obey(char *line)
{
	struct pipeline p;
	for (;;) {
		bool good = parse(&line, &p);
		if (good && p.stage[0].n > 0 && !(p.n == 1 && own_command(p.stage[0].word, p.stage[0].n)))
			run(&p);
		forget(&p);
		if (!good || line[strspn(line, " \t")] == '\0' || line[strspn(line, " \t")] == '#')
			return;
	}
}

static void refuse_line(void) { wrong("the line is too long"); }

static void skip_line(FILE *file)
{
	for (int c; (c = getc(file)) != EOF && c != '\n';)
		continue;
}

static void read_script(const char *path)
{
	char line[LINE_BYTES];
	FILE *file = fopen(path, "r");
	if (!file)
		exit(complain("sh", path));
	while (fgets(line, sizeof(line), file)) {
		bool cut = !strchr(line, '\n') && strlen(line) == LINE_BYTES - 1;
		line[strcspn(line, "\n")] = '\0';
		if (cut) {
			skip_line(file);
			refuse_line();
		} else {
			obey(line);
		}
	}
	fclose(file);
}

int main(int argc, char **argv)
{
	static struct editor editor = { .prompt = "$ " };
	if (argc > 1) {
		read_script(argv[1]);
		return last_code;
	}
	for (const char *typed; (typed = edit_line(&editor)) != NULL;) {
		char line[LINE_BYTES];
		memcpy(line, typed, strlen(typed) + 1);
		if (editor.cut)
			refuse_line();
		else
			obey(line);
	}
	puts("");
	return last_code;
}
