/*
 * Shared by the files that make a filter of an expression, and run it.
 *
 *   lex.c      text -> words
 *   parse.c    words -> a tree of and, or, not and leaves
 *   value.c    what stands behind an operator -> ExprValue
 *   terms.c    the table of terms; get-*.c: where their values come from
 *   compile.c  tree -> FrailFilter: a list of steps, the set of calls
 *   eval.c     runs it
 *
 * The language is described in docs/filters.md.  A filter never changes once
 * it is made, and is run without an allocation or a lock.
 *
 * Copyright (c) 2026 The Frail developers
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef FRAIL_EXPR_H
#define FRAIL_EXPR_H

#ifndef FRAIL_LIBRARY
#error "private to libfrail: an analyzer includes frail-plugin.h only"
#endif

#include <glib.h>
#include <sys/socket.h>

#include "decode/args.h"
#include "filter/callset.h"
#include "filter/filter.h"

#define EXPR_TEXT_MAX   4096u   /* bytes of an expression */
#define EXPR_DEPTH_MAX  32u     /* of brackets, and of not */
#define EXPR_LEAVES_MAX 32u     /* comparisons: two bits for each are kept */
#define EXPR_VALUES_MAX 512u    /* in all of them */

/* Holds every argument, signed or not. */
typedef __int128 ExprNumber;

/* --- Terms --------------------------------------------------------------- */

typedef enum ExprType {
    EXPR_CALL,          /* a set of calls */
    EXPR_WORD,          /* one of a few words, as a number */
    EXPR_NUMBER,
    EXPR_TIME,          /* a number of nanoseconds */
    EXPR_TEXT,
    EXPR_PREFIX,        /* a text that is given by its first letters */
    EXPR_ADDRESS,       /* of IPv4 or IPv6 */
} ExprType;

/* From where its value comes: the cheap ones are looked at first. */
typedef enum ExprStage {
    STAGE_CALL,         /* the call's registers */
    STAGE_KEY,          /* the caller, as it is known anyway */
    STAGE_KERNEL,       /* some words of the guest's kernel */
    STAGE_PATH,         /* a text of the guest's kernel */
    STAGE_USER,         /* the caller's memory */
    STAGE_DECODE,       /* all decoded arguments */
    STAGE_RETURN,       /* only there when the call is over */
    STAGES
} ExprStage;

typedef struct Term Term;
typedef struct Leaf Leaf;
typedef struct Eval Eval;

/* One value of a term; there may be more, as of two paths. */
typedef struct ExprItem {
    ExprNumber number;
    uint8_t word;       /* 4, 8: unsigned bytes, a negative value is its own */
    const char *text;   /* EXPR_TEXT: not terminated */
    size_t len;
    uint8_t address[16];
    uint8_t bits;       /* EXPR_ADDRESS: 32 or 128 */
    bool later;         /* GOT_SKIP: it may be known at return */
} ExprItem;

typedef enum ExprGot {
    GOT_NONE,           /* there is no value, or no more of them */
    GOT_ONE,
    GOT_UNKNOWN,        /* nothing can be known */
    GOT_SKIP,           /* this one cannot, but there may be others */
    GOT_LATER,          /* not before the return */
} ExprGot;

/*
 * Get value number @i of a term; called with 0, 1, 2... as long as it is
 * GOT_ONE or GOT_SKIP.  The text is valid until the next value is got.
 */
typedef ExprGot TermGet(Eval *e, const Leaf *leaf, unsigned i,
                        ExprItem *item);
/* Can call @nr of @abi have a value?  NULL in a term: all can. */
typedef bool TermCan(const Leaf *leaf, FrailAbi abi, int64_t nr);
/* The number that @name stands for. */
typedef bool TermName(const Leaf *leaf, const char *name, ExprNumber *number);

#define TERM_BITS       (1u << 0)   /* may be followed by "has" */
#define TERM_NAMED      (1u << 1)   /* "arg.": a name follows */
#define TERM_INDEXED    (1u << 2)   /* "arg": [0] follows */
#define TERM_KEPT       (1u << 3)   /* the same for as long as its process */
#define TERM_EXACT      (1u << 4)   /* no < and > */

struct Term {
    const char *name;
    ExprType type;
    ExprStage stage;
    TermGet *get;
    unsigned which;         /* of what @get knows several of */
    unsigned flags;
    TermName *number;       /* or NULL: there are no names */
    TermCan *can;
    const char *values;     /* for messages: "a number" */
};

/*
 * The term that is called @name; of "arg.flags" that is "arg.", and *@rest
 * "flags", else "".  NULL when there is none.
 */
const Term *term_find(const char *name, const char **rest);
/* The one that looks most like @name, or NULL. */
const char *term_nearest(const char *name);
/* The name of term number @i; NULL: there are no more. */
const char *term_name(unsigned i);

/* --- Values and leaves --------------------------------------------------- */

typedef struct ExprValue {
    ExprNumber number;
    const char *text;       /* of a number: the constant it was given as */
    uint32_t len;
    uint8_t address[16];
    uint8_t bits;           /* EXPR_ADDRESS: 32 or 128 */
    uint8_t prefix;         /* how many of its bits count */
} ExprValue;

typedef enum ExprOp {
    OP_EQ,                  /* one of the values */
    OP_LT, OP_LE, OP_GT, OP_GE,
    OP_GLOB,
    OP_HAS,                 /* all these bits */
} ExprOp;

/* A comparison. */
struct Leaf {
    const Term *term;
    ExprOp op;
    bool negate;            /* true where the comparison is false */
    uint8_t index;          /* TERM_INDEXED */
    const char *name;       /* TERM_NAMED; in FrailFilter.strings */
    unsigned first, n;      /* in FrailFilter.values */
    /*
     * EXPR_CALL: these calls; arg.NAME: those with such an argument, of which
     * the constants are that the values were given as.  Else NULL.
     */
    CallSet *calls;
};

/* --- A filter ------------------------------------------------------------ */

#define STEP_YES    0xfeu
#define STEP_NO     0xffu

typedef struct ExprStep {
    uint8_t leaf;
    uint8_t yes, no;        /* the next step, STEP_YES or STEP_NO */
} ExprStep;

struct FrailFilter {
    uint32_t serial;        /* no other filter's; not 0 */
    uint8_t start;          /* the first step */
    unsigned n_leaves;
    uint32_t used;          /* leaves that have a step */
    uint32_t at_return;     /* those of STAGE_RETURN */
    bool tree;              /* it asks for process trees */
    CallSet can;            /* calls that it can be true for */
    ExprStep step[EXPR_LEAVES_MAX];
    Leaf leaf[EXPR_LEAVES_MAX];
    GArray *values;         /* of ExprValue */
    GStringChunk *strings;
    char *text;
};

static inline const ExprValue *leaf_value(const FrailFilter *f,
                                          const Leaf *leaf, unsigned i)
{
    return &g_array_index(f->values, ExprValue, leaf->first + i);
}

/* Room for two paths, or a command line. */
#define EVAL_SCRATCH    8448u

/* A filter that is looked at for one call.  Made by eval_begin(). */
struct Eval {
    const FrailFilter *f;
    const FrailCall *call;
    const FrailProcess *process;
    bool asked;             /* @process is the answer */
    bool resolved;          /* @spec and @args are */
    bool tried;             /* @decoded is */
    bool later;             /* the return decides something */
    uint32_t known, value;  /* of the leaves; with negate */
    /* What the call stands for: its description, or NULL. */
    const CallSpec *spec;
    FrailDecoded *decoded;  /* or NULL */
    FrailCall args;
    char scratch[EVAL_SCRATCH];
};

/* The caller; NULL when it is not known. */
const FrailProcess *eval_process(Eval *e);
/*
 * The caller's memory cannot be read.  Its kernel will have paged it in when
 * the call returns, if that is to come and the program is then still the same.
 */
ExprGot eval_unreadable(const Eval *e, ExprItem *item);
/* Is the memory that of the program that has made the call? */
bool eval_has_memory(const Eval *e);

/* --- Words --------------------------------------------------------------- */

typedef enum ExprWordKind {
    WORD_END, WORD_OPEN, WORD_CLOSE, WORD_COMMA, WORD_INDEX_OPEN,
    WORD_INDEX_CLOSE, WORD_BAR,
    WORD_AND, WORD_OR, WORD_NOT, WORD_IN, WORD_HAS, WORD_TRUE, WORD_FALSE,
    WORD_EQ, WORD_NE, WORD_LT, WORD_LE, WORD_GT, WORD_GE, WORD_GLOB,
    WORD_NOT_GLOB,
    WORD_NAME,              /* of a term; a value without quotes */
    WORD_TEXT,              /* a value in quotes */
    WORD_REGEX,             /* between slashes, without them */
    WORD_WRONG,             /* @text says what is wrong with it */
} ExprWordKind;

typedef struct ExprToken {
    ExprWordKind kind;
    size_t at, len;         /* in the expression */
    char *text;             /* to be freed; of names, texts and regexes */
} ExprToken;

/* What may come next decides what is a word. */
typedef enum ExprMode {
    MODE_TERM,              /* terms and operators */
    MODE_VALUE,
    MODE_CALL_VALUE,        /* the same, with regular expressions */
} ExprMode;

/* The word of @text at *@at, which is moved behind it. */
ExprToken expr_lex(const char *text, size_t *at, ExprMode mode);

/* --- Parsing ------------------------------------------------------------- */

typedef enum ExprNodeKind {
    NODE_LEAF, NODE_AND, NODE_OR, NODE_NOT, NODE_TRUE, NODE_FALSE,
} ExprNodeKind;

typedef struct ExprNode {
    ExprNodeKind kind;
    unsigned leaf;
    GPtrArray *children;    /* of ExprNode; of and, or, not */
} ExprNode;

void expr_node_free(ExprNode *node);

typedef struct ExprError {
    size_t at, len;         /* bytes of the expression */
    char *what;             /* a sentence; to be freed */
} ExprError;

/*
 * Parse f->text: leaves and values go into @f.  NULL and *@err when it is
 * wrong.
 */
ExprNode *expr_parse(FrailFilter *f, ExprError *err);
/*
 * The value of @leaf that @token is (its alternatives, joined by "|", one
 * after another: @join adds its bits to the last value).  False with what is
 * wrong with it in *@what, to be freed.
 */
bool expr_value(FrailFilter *f, Leaf *leaf, const ExprToken *token, bool join,
                char **what);

/* Steps and the set of calls of @root. */
void expr_compile(FrailFilter *f, ExprNode *root);

/* --- Running ------------------------------------------------------------- */

/* Is the comparison true for this value?  Without leaf->negate. */
bool leaf_compare(const FrailFilter *f, const Leaf *leaf,
                  const ExprItem *item);

/*
 * "*", "?", "[a-z]" and "\x" in @pattern, "*" and "?" for any byte, "/" too.
 * Takes at most the product of both lengths.
 */
bool expr_glob(const char *pattern, size_t pattern_len, const char *text,
               size_t len);

TermGet get_abi, get_nr, get_vcpu;                          /* get-call.c */
TermGet get_ret, get_errno, get_status, get_duration;
TermGet get_pid, get_id, get_comm, get_cap, get_tree;       /* get-process.c */
TermGet get_namespace, get_process_text, get_container, get_cmdline;
TermGet get_register, get_arg, get_fd, get_fd_path;         /* get-args.c */
TermGet get_text;
TermGet get_path, get_port, get_address, get_family;        /* get-memory.c */
TermGet get_unix, get_argv;
TermCan can_arg, can_fd, can_path, can_address, can_argv;
TermName name_constant;

enum { PID_PID, PID_TID, PID_PPID, PID_NS_TID };
enum { TEXT_OF_EXE, TEXT_OF_CWD, TEXT_OF_ROOT, TEXT_OF_CGROUP };
enum { STATUS_SUCCESSFUL, STATUS_FAILED, STATUS_REFUSED, STATUS_RESTARTED,
       STATUS_UNFINISHED };

/*
 * get-args.c, for others too.  What the present call stands for: then its
 * arguments are in e->args.  NULL when it is not known.
 */
const CallSpec *eval_spec(Eval *e);
/*
 * The same without one: NULL when there is none, or, with *@open, when its
 * arguments tell which one it stands for.
 */
const CallSpec *static_spec(FrailAbi abi, int64_t nr, bool *open);
/* Argument number @i of those whose kind is in @kinds, or NULL. */
const ArgSpec *eval_arg(Eval *e, const char *const *kinds, unsigned i);
/* Can the call have one? */
bool can_kind(FrailAbi abi, int64_t nr, const char *const *kinds);
/* The path of descriptor @fd, or of the directory that AT_FDCWD is. */
ExprGot eval_fd_path(Eval *e, int fd, ExprItem *item);
#define EVAL_FDCWD  (-100)
/* Does any call have an argument called @name?  If not, *@nearest or NULL. */
bool arg_is_known(const char *name, const char **nearest);
/* The calls that have leaf->name, with the constants that were given. */
CallSet *arg_calls(const FrailFilter *f, const Leaf *leaf);

#endif /* FRAIL_EXPR_H */
