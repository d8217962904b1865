/* Messages in the reader's language: _() stands around what `droste lab` shows a student, wherever it is
 * made, so that one catalogue (po/) has all of it.  Nothing is translated until words_speak is called, and
 * only `droste lab` list, new and check do, and help: whatever else droste writes, reports and data above all, is
 * the same for everybody.
 */
#ifndef DROSTE_INSPECTOR_WORDS_H
#define DROSTE_INSPECTOR_WORDS_H

/* The text in the reader's language, or as it is. */
const char *words_get(const char *text) __attribute__((format_arg(1)));

/* The same of something counted: one, or more. */
const char *words_n(const char *one, const char *more, unsigned long n) __attribute__((format_arg(1), format_arg(2)));

/* From now on in the language of the environment (LANGUAGE, LC_ALL, LC_MESSAGES, LANG), if folder, where the
 * catalogues are, has it.  Numbers, and whatever else locales change, stay as they are. */
void words_speak(const char *folder);

#define _(text) words_get(text)
#define N_(text) text /* translated where it is shown */

#endif
