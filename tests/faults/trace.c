/* Loaded in front of the C library (LD_PRELOAD): notes every change made below one folder into a
 * log, in the order it was asked for, so that power cuts can be played back afterwards; and, when
 * told to, makes the calls fail as a full disk, a write protection or a pulled stick does, or the
 * clock wrong, or the folder as slow as a poor stick: what is written stays in the system's memory
 * until it is more than that holds or has to be settled, and then takes its time; a sync stands as
 * long as a file beside the folder says '.stands'. Until the program (or MAKAO_FAULTS_SLOW, as
 * 'folder|bytes written a second|bytes read a second|bytes held') names a folder it lets
 * everything through.
 *
 * A note: kind, length of name, offset, length of data, name, data. Kinds: C created, W written,
 * T cut or grown to a length, F file synced, D folder synced, R renamed (old, line feed, new),
 * U removed, M a mark of the program itself.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#define MOST_HANDLES 4096
#define NEXT(name)                                                           \
    ({                                                                       \
        static __typeof__(&name) found;                                      \
        if (!found) found = (__typeof__(&name))dlsym(RTLD_NEXT, #name);      \
        found;                                                               \
    })

static char folder[PATH_MAX];
static size_t folder_length;
static int log_handle = -1;
static char *name_of[MOST_HANDLES]; /* of what was opened below the folder */
static char is_folder[MOST_HANDLES];

static long calls_left = -1;  /* changes still let through; -1: nothing is to fail */
static int failing_with;
static int reads_fail_too;
static long changes_seen;
static long clock_ahead; /* seconds the computer's clock is wrong by */

static long writes_a_second; /* 0: as fast as it is */
static long reads_a_second;
static long most_held;
static long held;
static pthread_mutex_t medium = PTHREAD_MUTEX_INITIALIZER; /* it does one thing at a time */

static void pause_for(double seconds) {
    struct timespec left = {(time_t)seconds, (long)((seconds - (time_t)seconds) * 1e9)};
    while (syscall(SYS_nanosleep, &left, &left) && errno == EINTR) continue;
}

static void slow_write(long bytes) {
    if (!writes_a_second || bytes <= 0) return;
    pthread_mutex_lock(&medium);
    held += bytes;
    if (held > most_held) {
        pause_for((double)(held - most_held) / writes_a_second);
        held = most_held;
    }
    pthread_mutex_unlock(&medium);
}

static void slow_read(long bytes) {
    if (!reads_a_second || bytes <= 0) return;
    pthread_mutex_lock(&medium);
    pause_for((double)bytes / reads_a_second);
    pthread_mutex_unlock(&medium);
}

static void slow_sync(void) {
    if (!writes_a_second) return;
    pthread_mutex_lock(&medium);
    char standing[PATH_MAX + 8];
    snprintf(standing, sizeof standing, "%s.stands", folder);
    while (!syscall(SYS_faccessat, AT_FDCWD, standing, F_OK)) pause_for(0.05);
    pause_for((double)held / writes_a_second);
    held = 0;
    pthread_mutex_unlock(&medium);
}

/* Called by the program. */
void fault_slow(long writes, long reads, long holds) {
    writes_a_second = writes;
    reads_a_second = reads;
    most_held = holds;
    held = 0;
}
void fault_mark(const char *text);
void fault_watch(const char *where, const char *log) {
    strncpy(folder, where, PATH_MAX - 1);
    folder_length = strlen(folder);
    if (log_handle >= 0) syscall(SYS_close, log_handle);
    log_handle = -1;
    if (*log) log_handle = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    for (int handle = 0; handle < MOST_HANDLES; handle++)
        free(name_of[handle]), name_of[handle] = NULL;
    calls_left = -1;
    changes_seen = 0;
}
void fault_after(long calls, int error, int reads) {
    failing_with = error;
    reads_fail_too = reads;
    calls_left = calls;
}
void fault_clear(void) { calls_left = -1; }
long fault_changes(void) { return changes_seen; }
void fault_clock(long seconds) { clock_ahead = seconds; }

__attribute__((constructor)) static void slow_from_the_start(void) {
    const char *said = getenv("MAKAO_FAULTS_SLOW");
    char where[PATH_MAX];
    long writes, reads, holds;
    if (said && sscanf(said, "%4095[^|]|%ld|%ld|%ld", where, &writes, &reads, &holds) == 4) {
        fault_watch(where, "");
        fault_slow(writes, reads, holds);
    }
}

static const char *inside(const char *path) {
    if (!folder_length || !path || strncmp(path, folder, folder_length)) return NULL;
    if (!path[folder_length]) return ".";
    return path[folder_length] == '/' ? path + folder_length + 1 : NULL;
}

static const char *name_at(int handle) {
    return handle >= 0 && handle < MOST_HANDLES ? name_of[handle] : NULL;
}

/* Return the whole path of a name that is given from an opened folder on. */
static const char *whole(int from, const char *path, char *room) {
    const char *at = name_at(from);
    if (!path || *path == '/' || !at) return path;
    if (*at == '.' && !at[1])
        snprintf(room, 2 * PATH_MAX, "%s/%s", folder, path);
    else
        snprintf(room, 2 * PATH_MAX, "%s/%s/%s", folder, at, path);
    return room;
}

/* Say whether this change has to fail now. */
static int refused(void) {
    changes_seen++;
    if (calls_left < 0) return 0;
    if (calls_left > 0) {
        calls_left--;
        return 0;
    }
    errno = failing_with;
    return 1;
}

static int unreadable(void) {
    if (calls_left != 0 || !reads_fail_too) return 0;
    errno = failing_with;
    return 1;
}

static void note(char kind, const char *name, uint64_t offset, const void *data, uint64_t length,
                 int carries) {
    if (log_handle < 0) return;
    uint16_t name_length = strlen(name);
    size_t size = 19 + name_length + (carries ? length : 0);
    char *made = malloc(size), *at = made;
    *at++ = kind;
    memcpy(at, &name_length, 2), at += 2;
    memcpy(at, &offset, 8), at += 8;
    memcpy(at, &length, 8), at += 8;
    memcpy(at, name, name_length), at += name_length;
    if (carries) memcpy(at, data, length);
    syscall(SYS_write, log_handle, made, size);
    free(made);
}

void fault_mark(const char *text) { note('M', text, 0, NULL, 0, 0); }

static void remember(int handle, const char *path, int flags, int was_there) {
    const char *name = inside(path);
    struct stat facts;
    if (handle < 0 || handle >= MOST_HANDLES || !name) return;
    free(name_of[handle]);
    name_of[handle] = strdup(name);
    is_folder[handle] = !fstat(handle, &facts) && S_ISDIR(facts.st_mode);
    if (!was_there && (flags & O_CREAT)) note('C', name, 0, NULL, 0, 0);
    if (was_there && (flags & O_TRUNC)) note('T', name, 0, NULL, 0, 0);
}

static int there(const char *path) { return syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0; }

static int opening_fails(const char *path, int flags, int was_there) {
    if (!inside(path)) return 0;
    if (unreadable()) return 1;
    /* A write protection refuses the opening itself; a full disk only what is new. */
    if (calls_left == 0 && failing_with == EROFS && (flags & O_ACCMODE) != O_RDONLY)
        return refused();
    if ((flags & O_CREAT) && !was_there) return refused();
    return was_there && (flags & O_TRUNC) ? refused() : 0;
}

#define OPENS(name)                                                          \
    int name(const char *path, int flags, ...) {                             \
        mode_t mode = 0;                                                     \
        if (flags & O_CREAT) {                                               \
            va_list more;                                                    \
            va_start(more, flags), mode = va_arg(more, int), va_end(more);   \
        }                                                                    \
        int was_there = inside(path) ? there(path) : 1;                      \
        if (opening_fails(path, flags, was_there)) return -1;                \
        int handle = syscall(SYS_openat, AT_FDCWD, path, flags, mode);       \
        remember(handle, path, flags, was_there);                            \
        return handle;                                                       \
    }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name)                                                       \
    int name(int from, const char *given, int flags, ...) {                  \
        char room[2 * PATH_MAX];                                             \
        const char *path = whole(from, given, room);                         \
        mode_t mode = 0;                                                     \
        if (flags & O_CREAT) {                                               \
            va_list more;                                                    \
            va_start(more, flags), mode = va_arg(more, int), va_end(more);   \
        }                                                                    \
        int was_there = inside(path) ? there(path) : 1;                      \
        if (opening_fails(path, flags, was_there)) return -1;                \
        int handle = syscall(SYS_openat, from, path, flags, mode);           \
        remember(handle, path, flags, was_there);                            \
        return handle;                                                       \
    }
OPENS_AT(openat)
OPENS_AT(openat64)

int close(int handle) {
    if (name_at(handle)) free(name_of[handle]), name_of[handle] = NULL;
    return NEXT(close)(handle);
}

ssize_t read(int handle, void *data, size_t length) {
    if (name_at(handle) && unreadable()) return -1;
    ssize_t came = NEXT(read)(handle, data, length);
    if (name_at(handle)) slow_read(came);
    return came;
}
#define READS_AT(name, kind)                                                 \
    ssize_t name(int handle, void *data, size_t length, kind offset) {       \
        if (name_at(handle) && unreadable()) return -1;                      \
        ssize_t came = NEXT(name)(handle, data, length, offset);             \
        if (name_at(handle)) slow_read(came);                                \
        return came;                                                         \
    }
READS_AT(pread, off_t)
READS_AT(pread64, off64_t)

ssize_t write(int handle, const void *data, size_t length) {
    const char *name = name_at(handle);
    if (!name) return syscall(SYS_write, handle, data, length);
    if (refused()) return -1;
    off_t offset = lseek(handle, 0, SEEK_CUR);
    ssize_t written = syscall(SYS_write, handle, data, length);
    if (written > 0) note('W', name, offset, data, written, 1);
    slow_write(written);
    return written;
}
#define WRITES_AT(name, kind)                                                 \
    ssize_t name(int handle, const void *data, size_t length, kind offset) {  \
        const char *known = name_at(handle);                                  \
        if (known && refused()) return -1;                                    \
        ssize_t written = NEXT(name)(handle, data, length, offset);           \
        if (known && written > 0) note('W', known, offset, data, written, 1); \
        if (known) slow_write(written);                                       \
        return written;                                                       \
    }
WRITES_AT(pwrite, off_t)
WRITES_AT(pwrite64, off64_t)

#define SYNCS(name)                                                          \
    int name(int handle) {                                                   \
        const char *known = name_at(handle);                                 \
        if (known && refused()) return -1;                                   \
        if (known) slow_sync();                                              \
        int result = NEXT(name)(handle);                                     \
        if (known && !result)                                                \
            note(is_folder[handle] ? 'D' : 'F', known, 0, NULL, 0, 0);       \
        return result;                                                       \
    }
SYNCS(fsync)
SYNCS(fdatasync)

#define CUTS(name, kind)                                                     \
    int name(int handle, kind length) {                                      \
        const char *known = name_at(handle);                                 \
        if (known && refused()) return -1;                                   \
        int result = NEXT(name)(handle, length);                             \
        if (known && !result) note('T', known, length, NULL, 0, 0);          \
        return result;                                                       \
    }
CUTS(ftruncate, off_t)
CUTS(ftruncate64, off64_t)

int unlink(const char *path) {
    const char *name = inside(path);
    /* A full disk still lets go of files. */
    if (name && failing_with != ENOSPC && refused()) return -1;
    int result = NEXT(unlink)(path);
    if (name && !result) note('U', name, 0, NULL, 0, 0);
    return result;
}

int unlinkat(int from, const char *given, int flags) {
    char room[2 * PATH_MAX];
    const char *name = inside(whole(from, given, room));
    if (name && failing_with != ENOSPC && refused()) return -1;
    int result = NEXT(unlinkat)(from, given, flags);
    if (name && !result && !(flags & AT_REMOVEDIR)) note('U', name, 0, NULL, 0, 0);
    return result;
}

int rmdir(const char *path) {
    if (inside(path) && failing_with != ENOSPC && refused()) return -1;
    return NEXT(rmdir)(path);
}

int rename(const char *from, const char *to) {
    const char *before = inside(from), *after = inside(to);
    if ((before || after) && refused()) return -1;
    int result = NEXT(rename)(from, to);
    if (before && after && !result) {
        char both[2 * PATH_MAX];
        size_t length = strlen(before);
        memcpy(both, before, length);
        both[length] = '\n';
        strcpy(both + length + 1, after);
        note('R', both, 0, NULL, 0, 0);
    }
    return result;
}

int mkdir(const char *path, mode_t mode) {
    if (inside(path) && refused()) return -1;
    return NEXT(mkdir)(path, mode);
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    int result = NEXT(clock_gettime)(clock, at);
    if (!result && clock == CLOCK_REALTIME) at->tv_sec += clock_ahead;
    return result;
}
