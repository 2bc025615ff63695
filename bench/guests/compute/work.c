/*
 * Work that only computes, for the figure "cpu". run(kind, amount) does a kind of work so many times and returns a checksum of it, by
 * which engines are held against each other. It is exported for those that know no components.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "zlib.h"

/* zlib asks for it, too; the rest of <string.h> is in the SDK */
size_t strlen(const char *text) {
    const char *end = text;
    while (*end != 0) {
        end++;
    }
    return (size_t)(end - text);
}

#define TEXT (1 << 18)
static uint8_t text[TEXT];
static uint8_t packed[TEXT + TEXT / 8 + 1024];
static uint8_t unpacked[TEXT];
static uint32_t seed;

static uint32_t next(void) {
    seed = seed * 1664525u + 1013904223u;
    return seed >> 8;
}

/* ---- an integer loop: Collatz sequences */

static uint32_t integers(uint32_t amount) {
    uint32_t steps = 0;
    for (uint32_t i = 1; i <= amount; i++) {
        uint64_t n = i;
        while (n != 1) {
            n = n & 1 ? 3 * n + 1 : n / 2;
            steps++;
        }
    }
    return steps;
}

/* ---- SHA-256 (FIPS 180-4) of TEXT bytes */

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
    0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
    0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t turned(uint32_t x, int by) {
    return x >> by | x << (32 - by);
}

static void block(uint32_t h[8], const uint8_t *from) {
    uint32_t w[64];
    for (int i = 0; i < 16; i++) {
        w[i] = (uint32_t)from[4 * i] << 24 | (uint32_t)from[4 * i + 1] << 16 | (uint32_t)from[4 * i + 2] << 8 | from[4 * i + 3];
    }
    for (int i = 16; i < 64; i++) {
        uint32_t a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (turned(a, 7) ^ turned(a, 18) ^ a >> 3) + w[i - 7] + (turned(b, 17) ^ turned(b, 19) ^ b >> 10);
    }
    uint32_t s[8];
    memcpy(s, h, sizeof s);
    for (int i = 0; i < 64; i++) {
        uint32_t t1 = s[7] + (turned(s[4], 6) ^ turned(s[4], 11) ^ turned(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[i] + w[i];
        uint32_t t2 = (turned(s[0], 2) ^ turned(s[0], 13) ^ turned(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        for (int j = 7; j > 0; j--) {
            s[j] = s[j - 1];
        }
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++) {
        h[i] += s[i];
    }
}

static uint32_t sha256(void) {
    uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    for (size_t at = 0; at < TEXT; at += 64) {
        block(h, text + at);
    }
    uint8_t last[64] = {0x80};
    uint64_t bits = (uint64_t)TEXT * 8;
    for (int i = 0; i < 8; i++) {
        last[63 - i] = (uint8_t)(bits >> (8 * i));
    }
    block(h, last);
    return h[0];
}

/* ---- a scan of JSON: depth, strings with escapes, numbers, words */

static uint32_t json(void) {
    uint32_t sum = 0, depth = 0;
    for (size_t i = 0; i < TEXT; i++) {
        uint8_t c = text[i];
        switch (c) {
            case '{': case '[': depth++; break;
            case '}': case ']': depth--; break;
            case '"':
                for (i++; i < TEXT && text[i] != '"'; i++) {
                    if (text[i] == '\\') {
                        i++;
                    }
                    sum = sum * 31 + text[i];
                }
                break;
            default:
                if (c == '-' || (c >= '0' && c <= '9')) {
                    uint32_t number = 0;
                    for (; i < TEXT && ((text[i] >= '0' && text[i] <= '9') || text[i] == '-' || text[i] == '.'); i++) {
                        number = number * 10 + (text[i] & 15);
                    }
                    i--;
                    sum += number;
                }
        }
        sum += depth;
    }
    return sum;
}

/* ---- zlib: deflate at its usual level, inflate */

static uint8_t heap[1 << 20];
static size_t used;

static void *take(void *opaque, unsigned items, unsigned size) {
    (void)opaque;
    size_t bytes = ((size_t)items * size + 15) & ~(size_t)15;
    used += bytes;
    return used > sizeof heap ? NULL : heap + used - bytes;
}

static void give(void *opaque, void *address) {
    (void)opaque, (void)address;
}

static uint32_t zlib(void) {
    used = 0;
    z_stream out = {.zalloc = take, .zfree = give, .next_in = text, .avail_in = TEXT, .next_out = packed, .avail_out = sizeof packed};
    if (deflateInit(&out, 6) != Z_OK || deflate(&out, Z_FINISH) != Z_STREAM_END) {
        __builtin_trap();
    }
    uint32_t length = out.total_out;
    used = 0;
    z_stream in = {.zalloc = take, .zfree = give, .next_in = packed, .avail_in = length, .next_out = unpacked, .avail_out = TEXT};
    if (inflateInit(&in) != Z_OK || inflate(&in, Z_FINISH) != Z_STREAM_END || memcmp(text, unpacked, TEXT) != 0) {
        __builtin_trap();
    }
    return length * 65536 + (uint32_t)out.adler;
}

/* ---- */

/* TEXT bytes of JSON: records with a number, a text of words and a list */
static void compose(void) {
    static const char *const words[] = {"stone", "wall", "mortar", "arch", "keystone", "ashlar", "\\\"quoted\\\"", "course"};
    seed = 42;
    size_t at = 0;
    text[at++] = '[';
    while (at < TEXT - 256) {
        const char *head = "{\"id\":";
        memcpy(text + at, head, strlen(head)), at += strlen(head);
        for (uint32_t n = next() % 1000000, i = 0; i < 7; i++, n /= 10) {
            text[at++] = '1' + n % 9;
        }
        const char *middle = ",\"text\":\"";
        memcpy(text + at, middle, strlen(middle)), at += strlen(middle);
        for (uint32_t i = next() % 12 + 1; i > 0; i--) {
            const char *word = words[next() % 8];
            memcpy(text + at, word, strlen(word)), at += strlen(word);
            text[at++] = ' ';
        }
        const char *tail = "\",\"list\":[1,-2.5,30]},";
        memcpy(text + at, tail, strlen(tail)), at += strlen(tail);
    }
    memset(text + at, ' ', TEXT - at);
}

__attribute__((export_name("run"))) uint32_t run(uint32_t kind, uint32_t amount) {
    if (text[0] == 0) {
        compose();
    }
    if (kind == 0) {
        return integers(amount);
    }
    uint32_t sum = 0;
    for (uint32_t i = 0; i < amount; i++) {
        sum = sum * 31 + (kind == 1 ? sha256() : kind == 2 ? json() : zlib());
    }
    return sum;
}
