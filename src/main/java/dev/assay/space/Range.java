package dev.assay.space;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The numbers that a record component can take: low to high, both included.
///
/// ```java
/// record Mlp(@Range(low = 1e-4, high = 1, log = true) double learningRate,
///            @Range(low = 16, high = 256, step = 16) int hidden) {}
/// ```
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Range {
  double low();

  double high();

  /// Whether equal ratios are equally likely.
  boolean log() default false;

  /// The distance of neighbouring values, counted from low; 0: every number of the type.
  double step() default 0;

  /// Where the best value is expected ([Prior.Around]); NaN: nothing is.
  double around() default Double.NaN;

  /// Of what is expected one standard deviation: a distance, or with log a factor.
  double spread() default Double.NaN;
}
