/// Tables of what the stand-in driver counted, and estimates of what cards would take.
package dev.assay.ptx.profile;
