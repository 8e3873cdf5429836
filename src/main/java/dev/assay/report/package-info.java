/// What people and programs are shown of a study: the report page, the JSON answers, CSV, and tables
/// for terminals.
///
/// Everything here reads a [StudyView], which is made from what a storage keeps; nothing is written
/// back. The page is a fixed template, its scripts, and one JSON document of data from which the
/// scripts draw: whoever replaces the document redraws the page.
///
/// n: the number of trials. d: the number of parameters. m: the number of objectives. A *row* is the
/// index of a trial in [StudyView#trials].
@NullMarked
package dev.assay.report;

import org.jspecify.annotations.NullMarked;
