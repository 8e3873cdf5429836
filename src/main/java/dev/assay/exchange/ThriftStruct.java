package dev.assay.exchange;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A struct in Thrift's compact protocol, field by field in ascending order. Format:
/// <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>.
final class ThriftStruct {
  private static final int I32 = 5;
  private static final int I64 = 6;
  private static final int BINARY = 8;
  private static final int LIST = 9;
  private static final int STRUCT = 12;
  private static final int SHORT_LIST = 15;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int last;

  static void varint(ByteArrayOutputStream out, long value) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      out.write((int) (left & 0x7F | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
  }

  private static long zigzag(long value) {
    return value << 1 ^ value >> 63;
  }

  /// Fields are numbered by how far they are from the last; none is further than 15 here.
  private void field(int id, int type) {
    out.write(id - last << 4 | type);
    last = id;
  }

  ThriftStruct whole(int id, int value) {
    field(id, I32);
    varint(out, zigzag(value));
    return this;
  }

  ThriftStruct longer(int id, long value) {
    field(id, I64);
    varint(out, zigzag(value));
    return this;
  }

  ThriftStruct text(int id, String value) {
    field(id, BINARY);
    text(value);
    return this;
  }

  private void text(String value) {
    var bytes = value.getBytes(StandardCharsets.UTF_8);
    varint(out, bytes.length);
    out.writeBytes(bytes);
  }

  ThriftStruct struct(int id, ThriftStruct value) {
    field(id, STRUCT);
    out.writeBytes(value.bytes());
    return this;
  }

  private void list(int id, int size, int type) {
    field(id, LIST);
    if (size < SHORT_LIST) {
      out.write(size << 4 | type);
    } else {
      out.write(SHORT_LIST << 4 | type);
      varint(out, size);
    }
  }

  ThriftStruct structs(int id, List<ThriftStruct> values) {
    list(id, values.size(), STRUCT);
    values.forEach(value -> out.writeBytes(value.bytes()));
    return this;
  }

  ThriftStruct wholes(int id, List<Integer> values) {
    list(id, values.size(), I32);
    values.forEach(value -> varint(out, zigzag(value)));
    return this;
  }

  ThriftStruct texts(int id, List<String> values) {
    list(id, values.size(), BINARY);
    values.forEach(this::text);
    return this;
  }

  /// The struct, ended.
  byte[] bytes() {
    var ended = new ByteArrayOutputStream();
    ended.writeBytes(out.toByteArray());
    ended.write(0);
    return ended.toByteArray();
  }
}
