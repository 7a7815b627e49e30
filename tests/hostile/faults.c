/* System calls that fail when they are told to: preloaded into a program (LD_PRELOAD), told by tests/hostile/faults.py.

   The n-th call on a path below a folder for which an error is possible fails with that error, and so do all after it
   when that is asked for. Calls are told apart by what can fail: a write cannot lack a right, a read needs no room. */

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum kind { OPEN = 1, CREATE = 2, READ = 4, WRITE = 8, SYNC = 16, NAME = 32, MAP = 64, LOOK = 128, LOCK = 256, SOCKET = 512 };

static char folder[PATH_MAX];
static size_t folder_length;
static int armed, error, lasting;
static unsigned kinds;
static long wanted, counted, failed;
static char last[PATH_MAX + 32];
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;

void faults_arm(const char *below, int number, unsigned which, long nth, int from_then_on) {
    folder_length = strlen(below);
    memcpy(folder, below, folder_length + 1);
    error = number, kinds = which, wanted = nth, lasting = from_then_on;
    counted = failed = 0;
    last[0] = 0;
    armed = 1;
}

void faults_disarm(void) { armed = 0; }
long faults_counted(void) { return counted; }
long faults_failed(void) { return failed; }
const char *faults_last(void) { return last; }

static int strikes(unsigned kind, const char *path, const char *call) {
    if (!armed || !(kinds & kind)) return 0;
    if (kind != SOCKET && (!path || strncmp(path, folder, folder_length))) return 0;
    pthread_mutex_lock(&guard);
    long number = ++counted;
    int strike = lasting ? number >= wanted : number == wanted;
    if (strike && !failed++) snprintf(last, sizeof last, "%s %s", call, path ? path : "");
    pthread_mutex_unlock(&guard);
    if (strike) errno = error;
    return strike;
}

static const char *path_at(int directory, const char *path, char *room) {
    char link[64];
    if (path && path[0] == '/') return path;
    if (directory == AT_FDCWD) {
        if (!getcwd(room, PATH_MAX)) return NULL;
    } else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
        ssize_t length = readlink(link, room, PATH_MAX - 1);
        if (length < 0) return NULL;
        room[length] = 0;
    }
    if (path) {
        size_t length = strlen(room);
        snprintf(room + length, PATH_MAX - length, "/%s", path);
    }
    return room;
}

static int strikes_at(unsigned kind, int directory, const char *path, const char *call) {
    char room[PATH_MAX];
    if (!armed || !(kinds & kind)) return 0;
    int before = errno;
    const char *whole = path_at(directory, path, room);
    errno = before;
    return strikes(kind, whole, call);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define ON_PATH(kind, type, name, parameters, directory, path, ...)                                                    \
    type name parameters {                                                                                             \
        static __typeof__(&name) real;                                                                                 \
        if (!real) real = REAL(name);                                                                                  \
        return strikes_at(kind, directory, path, #name) ? (type)-1 : real(__VA_ARGS__);                                \
    }

#define OPENING(name, parameters, directory, path, ...)                                                                \
    int name parameters {                                                                                              \
        static __typeof__(&name) real;                                                                                 \
        if (!real) real = REAL(name);                                                                                  \
        mode_t mode = 0;                                                                                               \
        if (flags & (O_CREAT | __O_TMPFILE)) {                                                                         \
            va_list rest;                                                                                              \
            va_start(rest, flags);                                                                                     \
            mode = va_arg(rest, mode_t);                                                                               \
            va_end(rest);                                                                                              \
        }                                                                                                              \
        if (strikes_at(OPEN | (flags & O_CREAT ? CREATE : 0), directory, path, #name)) return -1;                      \
        return real(__VA_ARGS__, mode);                                                                                \
    }

OPENING(open, (const char *path, int flags, ...), AT_FDCWD, path, path, flags)
OPENING(open64, (const char *path, int flags, ...), AT_FDCWD, path, path, flags)
OPENING(openat, (int at, const char *path, int flags, ...), at, path, at, path, flags)
OPENING(openat64, (int at, const char *path, int flags, ...), at, path, at, path, flags)

ON_PATH(READ, ssize_t, read, (int file, void *to, size_t size), file, NULL, file, to, size)
ON_PATH(READ, ssize_t, pread, (int file, void *to, size_t size, off_t place), file, NULL, file, to, size, place)
ON_PATH(READ, ssize_t, pread64, (int file, void *to, size_t size, off64_t place), file, NULL, file, to, size, place)
ON_PATH(WRITE, ssize_t, write, (int file, const void *from, size_t size), file, NULL, file, from, size)
ON_PATH(WRITE, ssize_t, pwrite, (int file, const void *from, size_t size, off_t at), file, NULL, file, from, size, at)
ON_PATH(WRITE, ssize_t, pwrite64, (int file, const void *from, size_t size, off64_t at), file, NULL, file, from, size, at)
ON_PATH(WRITE, int, ftruncate, (int file, off_t size), file, NULL, file, size)
ON_PATH(WRITE, int, ftruncate64, (int file, off64_t size), file, NULL, file, size)
ON_PATH(SYNC, int, fsync, (int file), file, NULL, file)
ON_PATH(SYNC, int, fdatasync, (int file), file, NULL, file)
ON_PATH(NAME | CREATE, int, rename, (const char *from, const char *to), AT_FDCWD, to, from, to)
ON_PATH(NAME | CREATE, int, renameat, (int a, const char *from, int b, const char *to), b, to, a, from, b, to)
ON_PATH(NAME | CREATE, int, mkdir, (const char *path, mode_t mode), AT_FDCWD, path, path, mode)
ON_PATH(NAME | CREATE, int, mkdirat, (int at, const char *path, mode_t mode), at, path, at, path, mode)
ON_PATH(NAME, int, unlink, (const char *path), AT_FDCWD, path, path)
ON_PATH(NAME, int, unlinkat, (int at, const char *path, int flags), at, path, at, path, flags)
ON_PATH(NAME, int, rmdir, (const char *path), AT_FDCWD, path, path)
ON_PATH(LOOK, int, stat, (const char *path, struct stat *to), AT_FDCWD, path, path, to)
ON_PATH(LOOK, int, stat64, (const char *path, struct stat64 *to), AT_FDCWD, path, path, to)
ON_PATH(LOOK, int, lstat, (const char *path, struct stat *to), AT_FDCWD, path, path, to)
ON_PATH(LOOK, int, lstat64, (const char *path, struct stat64 *to), AT_FDCWD, path, path, to)
ON_PATH(how & LOCK_UN ? 0 : LOCK, int, flock, (int file, int how), file, NULL, file, how)
ON_PATH(MAP, void *, mmap, (void *at, size_t size, int may, int flags, int file, off_t place),
        flags &MAP_ANONYMOUS ? -1 : file, NULL, at, size, may, flags, file, place)
ON_PATH(MAP, void *, mmap64, (void *at, size_t size, int may, int flags, int file, off64_t place),
        flags &MAP_ANONYMOUS ? -1 : file, NULL, at, size, may, flags, file, place)

DIR *opendir(const char *path) {
    static __typeof__(&opendir) real;
    if (!real) real = REAL(opendir);
    return strikes_at(OPEN, AT_FDCWD, path, "opendir") ? NULL : real(path);
}

static int controlled(__typeof__(&fcntl) real, int file, int command, void *argument) {
    int locks = command == F_SETLK || command == F_SETLKW;
    if (locks && ((struct flock *)argument)->l_type != F_UNLCK && strikes_at(LOCK, file, NULL, "fcntl")) return -1;
    return real(file, command, argument);
}

#define CONTROLLING(name)                                                                                              \
    int name(int file, int command, ...) {                                                                             \
        static __typeof__(&fcntl) real;                                                                                \
        if (!real) real = REAL(name);                                                                                  \
        va_list rest;                                                                                                  \
        va_start(rest, command);                                                                                       \
        void *argument = va_arg(rest, void *);                                                                         \
        va_end(rest);                                                                                                  \
        return controlled(real, file, command, argument);                                                              \
    }
CONTROLLING(fcntl)
CONTROLLING(fcntl64)

ON_PATH(SOCKET, int, socket, (int family, int kind, int protocol), -1, NULL, family, kind, protocol)
ON_PATH(SOCKET, int, socketpair, (int family, int kind, int protocol, int ends[2]), -1, NULL, family, kind, protocol, ends)
ON_PATH(SOCKET, int, pipe2, (int ends[2], int flags), -1, NULL, ends, flags)

/* SQLite asks a hundred times for a lock that others hold, and waits ten seconds in all. It need not when nobody does. */
int usleep(useconds_t microseconds) {
    static __typeof__(&usleep) real;
    if (!real) real = REAL(usleep);
    return armed && failed && (kinds & LOCK) ? 0 : real(microseconds);
}
