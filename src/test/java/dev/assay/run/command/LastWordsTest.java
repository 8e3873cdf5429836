package dev.assay.run.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The line that says why, among those that programs print when they fail.
class LastWordsTest {
  static List<Arguments> failures() {
    return List.of(
        Arguments.of(
            "x.c:3:5: error: 'foo' undeclared (first use in this function)",
            """
            x.c: In function 'main':
            x.c:3:5: error: 'foo' undeclared (first use in this function)
                3 |     foo = 1;
                  |     ^~~
            x.c:3:5: note: each undeclared identifier is reported only once for each function
            x.c:4:1: error: expected ';' before '}' token
                4 | }
                  |  ^
            make: *** [Makefile:2: all] Error 1
            """),
        Arguments.of(
            "x.c:3:3: error: use of undeclared identifier 'foo'",
            """
            x.c:3:3: error: use of undeclared identifier 'foo'
              foo;
              ^
            1 error generated.
            """),
        Arguments.of(
            "k.cu(12): error: identifier \"foo\" is undefined",
            """
            k.cu(12): error: identifier \"foo\" is undefined
                  foo(1);
                  ^

            1 error detected in the compilation of \"k.cu\".
            """),
        Arguments.of(
            "ptxas fatal   : Unresolved extern function 'foo'",
            "ptxas fatal   : Unresolved extern function 'foo'\n"),
        Arguments.of(
            "ptxas error   : Entry function 'k' uses too much shared data",
            "ptxas error   : Entry function 'k' uses too much shared data\nninja: build stopped: subcommand failed.\n"),
        Arguments.of(
            "/usr/bin/ld: x.o: in function `main': x.c:(.text+0x5): undefined reference to `foo'",
            """
            /usr/bin/ld: x.o: in function `main': x.c:(.text+0x5): undefined reference to `foo'
            collect2: error: ld returned 1 exit status
            """),
        Arguments.of(
            "error[E0425]: cannot find value `foo` in this scope",
            """
            error[E0425]: cannot find value `foo` in this scope
             --> src/main.rs:2:5
              |
            2 |     foo;
              |     ^^^ not found in this scope

            error: aborting due to 1 previous error

            For more information about this error, try `rustc --explain E0425`.
            """),
        Arguments.of(
            "A.java:3: error: ';' expected",
            "A.java:3: error: ';' expected\n    int x = 1\n             ^\n1 error\n"),
        Arguments.of("./x.go:5:2: undefined: foo", "# example\n./x.go:5:2: undefined: foo\n"),
        Arguments.of(
            "x.c:1:10: fatal error: nothing.h: No such file or directory",
            """
            x.c:1:10: fatal error: nothing.h: No such file or directory
                1 | #include "nothing.h"
                  |          ^~~~~~~~~~~
            compilation terminated.
            Traceback (most recent call last):
              File "tune.py", line 3, in <module>
                subprocess.check_call(["gcc", "x.c"])
            subprocess.CalledProcessError: Command '['gcc', 'x.c']' returned non-zero exit status 1.
            """),
        Arguments.of(
            "ValueError: bad shape",
            """
            train.py:33: error: no cache, going on
            Traceback (most recent call last):
              File "train.py", line 3, in <module>
            ValueError: bad shape
            """),
        Arguments.of(
            "Exception in thread \"main\" java.lang.IllegalStateException: bad",
            "Exception in thread \"main\" java.lang.IllegalStateException: bad\n\tat A.main(A.java:3)\n"),
        Arguments.of(
            "Error: bad",
            "/x/y.js:3\nthrow new Error('bad');\n^\n\nError: bad\n    at f (/x/y.js:3:7)\n\nNode.js v20.1.0\n"),
        Arguments.of(
            "panic: bad",
            "panic: bad\n\ngoroutine 1 [running]:\nmain.main()\n\t/x/main.go:4 +0x1d\nexit status 2\n"),
        Arguments.of("what():  bad", "terminate called\n  what():  bad\nAborted (core dumped)\n"),
        Arguments.of("Error in f() : bad", "Error in f() : bad\nExecution halted\n"),
        Arguments.of("out of cheese", "starting\nout of cheese\n"),
        Arguments.of("^^^", "~~~\n^^^\n"),
        Arguments.of("", ""));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void oneLineSaysWhy(String line, String output) {
    assertThat(LastWords.of(output.lines().filter(l -> !l.isBlank()).toList())).isEqualTo(line);
  }
}
