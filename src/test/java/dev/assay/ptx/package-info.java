/// Translates PTX, the text that NVIDIA's compiler makes of kernels, into C that runs on a
/// processor, so that tests execute the very bytes that users' devices do.
///
/// [Lexer] and [Parser] read a [Program], [Opcodes] says what each instruction computes, [Emitter]
/// writes one line of C for it, [Translate] is the command that the stand-in driver calls. What the
/// C needs to run is in `kernels/standin`. The JDK alone suffices: the driver's build compiles this
/// package by itself. PTX ISA: https://docs.nvidia.com/cuda/parallel-thread-execution/
package dev.assay.ptx;
