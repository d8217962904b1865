/* Messages by gettext.  See words.h. */

#include "words.h"

#include <libintl.h>
#include <locale.h>
#include <stdbool.h>
#include <stdlib.h>

#define DOMAIN "droste"

static bool speaking;

/* What the empty text would get is the catalogue's head. */
const char *words_get(const char *text) { return speaking && *text ? dgettext(DOMAIN, text) : text; }

const char *words_n(const char *one, const char *more, unsigned long n)
{
	return speaking ? dngettext(DOMAIN, one, more, n) : n == 1 ? one : more;
}

/* What the user asks for, as POSIX orders it. */
static const char *asked(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	for (int i = 0; i < 3; i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return value;
	}
	return "C";
}

/* A small system may lack the user's locale.  Messages need nothing of it but its name. */
static void take_locale(void)
{
	const char *wanted = asked(), *languages = getenv("LANGUAGE");
	if (setlocale(LC_MESSAGES, "") || !setlocale(LC_MESSAGES, "C.UTF-8"))
		return;
	if (!languages || !*languages)
		setenv("LANGUAGE", wanted, 1);
}

void words_speak(const char *folder)
{
	take_locale();
	speaking = bindtextdomain(DOMAIN, folder) && bind_textdomain_codeset(DOMAIN, "UTF-8");
}
