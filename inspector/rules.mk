# The inspector: nested machines found and shown.

INSPECTOR_SOURCES := $(wildcard inspector/*.c)
INSPECTOR_OBJECTS := $(INSPECTOR_SOURCES:%.c=$(BUILD)/host/%.o)

# A session and what it stands on.
SESSION_SOURCES := $(addprefix inspector/, calls.c change.c control.c file_out.c follow.c levels.c motion.c past.c points.c recording.c run.c session.c state.c tape.c twin.c words.c)
SESSION_OBJECTS := $(SESSION_SOURCES:%.c=$(BUILD)/host/%.o)
