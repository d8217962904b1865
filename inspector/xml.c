/* Text for XML.  See xml.h. */

#include "xml.h"

void xml_put(FILE *to, const char *text)
{
	for (; *text; text++) {
		if (*text == '<')
			fputs("&lt;", to);
		else if (*text == '&')
			fputs("&amp;", to);
		else if (*text == '"')
			fputs("&quot;", to);
		else
			fputc(*text >= ' ' && *text < 0x7F ? *text : '?', to);
	}
}
