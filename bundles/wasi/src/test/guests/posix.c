/* An ordinary C program over wasi-libc and the preview-1 adapter: does with files, time and the rest what programs do, and
 * exits with 1 and a line on standard error at the first thing that is not as POSIX says. An argument makes it do
 * something else, see obey(). */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CHECK(condition)                                                                                   \
    do {                                                                                                   \
        if (!(condition)) {                                                                                \
            fprintf(stderr, "posix.c:%d: %s: errno %d (%s)\n", __LINE__, #condition, errno, strerror(errno)); \
            exit(1);                                                                                       \
        }                                                                                                  \
    } while (0)

#define REFUSED(call, code) CHECK((call) == -1 && errno == (code))

/* The adapter's own memory comes from here. Without it the adapter would grow the memory itself, and this wasi-libc's malloc
 * takes all memory up to the end for its own. */
__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, size_t old_size, size_t align, size_t size) {
    (void)old_size, (void)align;
    return realloc(old, size);
}

static void write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    CHECK(file);
    CHECK(fputs(text, file) >= 0);
    CHECK(fclose(file) == 0);
}

static bool holds(const char *path, const char *text) {
    char content[64] = {0};
    FILE *file = fopen(path, "r");
    CHECK(file);
    CHECK(fread(content, 1, sizeof content - 1, file) <= sizeof content);
    CHECK(fclose(file) == 0);
    return strcmp(content, text) == 0;
}

static void try_files(void) {
    write_text("greeting", "hello");
    CHECK(holds("greeting", "hello"));
    int file = open("greeting", O_RDWR);
    CHECK(file >= 0);
    CHECK(lseek(file, -2, SEEK_END) == 3);
    CHECK(write(file, "p!", 2) == 2);
    char bytes[16] = {0};
    CHECK(pread(file, bytes, sizeof bytes, 1) == 4 && memcmp(bytes, "elp!", 4) == 0);
    CHECK(pwrite(file, "H", 1, 0) == 1);
    CHECK(ftruncate(file, 2) == 0 && fsync(file) == 0 && fdatasync(file) == 0);
    struct stat status;
    CHECK(fstat(file, &status) == 0 && status.st_size == 2 && S_ISREG(status.st_mode));
    CHECK(close(file) == 0);
    CHECK(holds("greeting", "He"));

    file = open("greeting", O_WRONLY | O_APPEND);
    CHECK(file >= 0 && write(file, "y", 1) == 1 && close(file) == 0);
    CHECK(holds("greeting", "Hey"));
    REFUSED(open("greeting", O_WRONLY | O_CREAT | O_EXCL, 0600), EEXIST);
    REFUSED(open("none", O_RDONLY), ENOENT);
    REFUSED(open("greeting", O_RDONLY | O_DIRECTORY), ENOTDIR);
}

static void try_large_file(void) {
    enum { SIZE = 300000 };
    char *out = malloc(SIZE), *in = malloc(SIZE);
    for (int i = 0; i < SIZE; i++) out[i] = (char)(i * 7);
    FILE *file = fopen("large", "w+");
    CHECK(file && fwrite(out, 1, SIZE, file) == SIZE);
    CHECK(fseek(file, 0, SEEK_SET) == 0 && fread(in, 1, SIZE, file) == SIZE && fclose(file) == 0);
    CHECK(memcmp(in, out, SIZE) == 0);
    CHECK(unlink("large") == 0);
}

static void try_directories(void) {
    CHECK(mkdir("d", 0700) == 0);
    REFUSED(mkdir("d", 0700), EEXIST);
    write_text("d/one", "1");
    write_text("d/two", "2");
    REFUSED(rmdir("d"), ENOTEMPTY);
    int seen = 0;
    DIR *directory = opendir("d");
    CHECK(directory);
    for (struct dirent *entry; (entry = readdir(directory));) {
        if (strcmp(entry->d_name, "one") == 0 || strcmp(entry->d_name, "two") == 0) {
            CHECK(entry->d_type == DT_REG);
            seen++;
        }
    }
    CHECK(closedir(directory) == 0 && seen == 2);
    CHECK(rename("d/one", "d/two") == 0);
    CHECK(holds("d/two", "1"));
    REFUSED(access("d/one", F_OK), ENOENT);
    CHECK(rename("d", "e") == 0);
    REFUSED(unlink("e"), EISDIR);
    CHECK(unlink("e/two") == 0 && rmdir("e") == 0);
}

static void try_links(void) {
    struct stat status;
    char target[64] = {0};
    CHECK(symlink("greeting", "link") == 0);
    CHECK(readlink("link", target, sizeof target) == 8 && strcmp(target, "greeting") == 0);
    CHECK(lstat("link", &status) == 0 && S_ISLNK(status.st_mode));
    CHECK(stat("link", &status) == 0 && S_ISREG(status.st_mode));
    CHECK(holds("link", "Hey"));
    CHECK(unlink("link") == 0);
    REFUSED(symlink("/etc/passwd", "out"), EPERM);
    REFUSED(symlink("../../etc/passwd", "out"), EPERM);
    REFUSED(link("greeting", "hard"), EPERM);
}

static void try_times(void) {
    struct timespec times[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1100000000, .tv_nsec = 5000}};
    struct stat status;
    CHECK(utimensat(AT_FDCWD, "greeting", times, 0) == 0);
    CHECK(stat("greeting", &status) == 0 && status.st_atim.tv_sec == 1000000000 && status.st_mtim.tv_sec == 1100000000
          && status.st_mtim.tv_nsec == 5000);

    struct timespec before, after, pause = {.tv_nsec = 20000000};
    CHECK(clock_gettime(CLOCK_MONOTONIC, &before) == 0 && nanosleep(&pause, NULL) == 0
          && clock_gettime(CLOCK_MONOTONIC, &after) == 0);
    CHECK((after.tv_sec - before.tv_sec) * 1000000000LL + after.tv_nsec - before.tv_nsec >= pause.tv_nsec);
    CHECK(time(NULL) > 1700000000);
}

static void try_surroundings(void) {
    CHECK(getchar() == EOF);
    unsigned char one[32], other[32];
    CHECK(getentropy(one, sizeof one) == 0 && getentropy(other, sizeof other) == 0);
    CHECK(memcmp(one, other, sizeof one) != 0);
    REFUSED(open("/etc/passwd", O_RDONLY), ENOTCAPABLE);
    printf("to nobody\n");
}

static void try_quota(void) {
    int file = open("quota", O_WRONLY | O_CREAT, 0600);
    CHECK(file >= 0);
    REFUSED(ftruncate(file, 1LL << 40), EDQUOT);
    CHECK(close(file) == 0 && unlink("quota") == 0);
}

/* "sleep": for a day. "spam": more on standard error than anyone keeps, then a trap. */
static void obey(const char *command) {
    if (strcmp(command, "sleep") == 0) sleep(86400);
    for (int i = 0; i < 20000; i++) fprintf(stderr, "line %d\n", i);
    __builtin_trap();
}

int main(int count, char **arguments) {
    if (count > 1) obey(arguments[1]);
    const char *folder = getenv("TEMP_DIR");
    CHECK(folder && chdir(folder) == 0);
    try_files();
    try_large_file();
    try_directories();
    try_links();
    try_times();
    try_surroundings();
    try_quota();
    fprintf(stderr, "all is well in %s\n", folder);
    return 0;
}
