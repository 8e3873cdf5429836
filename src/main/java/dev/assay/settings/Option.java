package dev.assay.settings;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// An option, on the record component that holds it: a whole number, a number (boxed where there
/// may be none), a flag, an enum (its constants are the words, in lower case), a name, a list of
/// names, or anything that a [Shape] reads. Study files call it what the component is called, in
/// snake case.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {
  /// What it means, half a sentence in Markdown.
  String value();

  /// What study files call it, where that is another word.
  String key() default "";

  /// The least number.
  double low() default Double.NEGATIVE_INFINITY;

  /// The largest number.
  double high() default Double.POSITIVE_INFINITY;

  /// Numbers outside the range that have a meaning of their own.
  double[] or() default {};

  /// Reads and writes what is none of the kinds above; it has a constructor without arguments.
  Class<? extends Shape> shape() default Shape.class;
}
