package dev.assay.space;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The values that a record component can take, one by one: texts, or numbers of its type.
///
/// ```java
/// record Net(@OneOf({"relu", "tanh"}) String activation, @OneOf({"16", "32", "64"}) int batch) {}
/// ```
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface OneOf {
  String[] value();

  /// Whether neighbouring values are alike (small, medium, large).
  boolean ordered() default false;

  /// How likely each value is to be the best, in proportion ([Prior.Weights]); empty: equally.
  double[] weights() default {};
}
