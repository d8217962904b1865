/* Text in documents and pictures that are XML.  Called by whoever writes them. */
#ifndef DROSTE_XML_H
#define DROSTE_XML_H

#include <stdio.h>

/* What would be taken for markup is escaped, what is no ASCII text shown as '?'. */
void xml_put(FILE *to, const char *text);

#endif
