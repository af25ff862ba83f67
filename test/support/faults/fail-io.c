/*
 * Makes file operations fail below SQLite, loaded with LD_PRELOAD.
 *
 * The environment variable FAIL_IO_CONTROL names a file that holds one line, read at every intercepted call:
 *
 *   GENERATION OPERATION NAME ERRNO MODE AFTER COUNT
 *
 * GENERATION  a number; another one starts the counting anew
 * OPERATION   sync | write | truncate
 * NAME        the call concerns files whose path ends in this
 * ERRNO       a number
 * MODE        nothing: the call has no effect; done: it takes effect although it fails;
 *             half: a write puts down half of its bytes, says so, and the next one fails
 * AFTER       so many matching calls pass first
 * COUNT       so many calls fail then, -1 for all
 *
 * An absent or empty file lets everything pass.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

struct plan {
  long generation;
  char operation[16];
  char name[128];
  int error;
  char mode[16];
  long after;
  long count;
};

enum verdict { PASS, FAIL_NOTHING, FAIL_DONE, FAIL_HALF };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long generation_seen = -1;
static long calls_seen = 0;

/* System calls and not libc's functions, which are the ones intercepted. */
static int read_plan(struct plan *plan) {
  const char *path = getenv("FAIL_IO_CONTROL");
  char text[512];
  if (path == NULL) return 0;
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (fd < 0) return 0;
  long length = syscall(SYS_read, fd, text, sizeof text - 1);
  syscall(SYS_close, fd);
  if (length <= 0) return 0;
  text[length] = '\0';
  return sscanf(text, "%ld %15s %127s %d %15s %ld %ld", &plan->generation, plan->operation, plan->name, &plan->error,
                plan->mode, &plan->after, &plan->count) == 7;
}

static int name_matches(int fd, const char *suffix) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  size_t suffix_length = strlen(suffix);
  return (size_t)length >= suffix_length && strcmp(path + length - suffix_length, suffix) == 0;
}

static enum verdict judge(int fd, const char *operation, int *error) {
  struct plan plan;
  if (!read_plan(&plan) || strcmp(plan.operation, operation) != 0 || !name_matches(fd, plan.name)) return PASS;
  pthread_mutex_lock(&lock);
  if (plan.generation != generation_seen) {
    generation_seen = plan.generation;
    calls_seen = 0;
  }
  long call = calls_seen++;
  pthread_mutex_unlock(&lock);
  if (call < plan.after || (plan.count >= 0 && call >= plan.after + plan.count)) return PASS;
  *error = plan.error;
  if (strcmp(plan.mode, "done") == 0) return FAIL_DONE;
  if (strcmp(plan.mode, "half") == 0 && call == plan.after) return FAIL_HALF;
  return FAIL_NOTHING;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define INTERCEPT_SYNC(name)                        \
  int name(int fd) {                                \
    int error = 0;                                  \
    enum verdict verdict = judge(fd, "sync", &error); \
    if (verdict == PASS) return REAL(name)(fd);     \
    if (verdict == FAIL_DONE) REAL(name)(fd);       \
    errno = error;                                  \
    return -1;                                      \
  }

#define INTERCEPT_TRUNCATE(name, offset_type)           \
  int name(int fd, offset_type length) {                \
    int error = 0;                                      \
    enum verdict verdict = judge(fd, "truncate", &error); \
    if (verdict == PASS) return REAL(name)(fd, length); \
    if (verdict == FAIL_DONE) REAL(name)(fd, length);   \
    errno = error;                                      \
    return -1;                                          \
  }

#define INTERCEPT_PWRITE(name, offset_type)                                          \
  ssize_t name(int fd, const void *bytes, size_t count, offset_type offset) {        \
    int error = 0;                                                                   \
    enum verdict verdict = judge(fd, "write", &error);                               \
    if (verdict == PASS) return REAL(name)(fd, bytes, count, offset);                \
    if (verdict == FAIL_HALF) return REAL(name)(fd, bytes, count / 2, offset);       \
    if (verdict == FAIL_DONE) REAL(name)(fd, bytes, count, offset);                  \
    errno = error;                                                                   \
    return -1;                                                                       \
  }

INTERCEPT_SYNC(fsync)
INTERCEPT_SYNC(fdatasync)
INTERCEPT_TRUNCATE(ftruncate, off_t)
INTERCEPT_TRUNCATE(ftruncate64, off64_t)
INTERCEPT_PWRITE(pwrite, off_t)
INTERCEPT_PWRITE(pwrite64, off64_t)
