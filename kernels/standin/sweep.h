// A mutation test of barriers within any run of tests: each launch is run again in copies of the process, as the process was
// before it, each time without one of the barriers that it reached. A barrier is noticed when such a launch fails: by a race, or
// by whatever else the checks or the execution find. What the process itself computes is as without a sweep.
#pragma once
#include <functional>
#include <string>

namespace standin::sweep {

/// Appends to a file from now on, a line for each piece of news: kernel, PTX line and `reached`; the same, `noticed` and the
/// fault's words; `tried` and why a launch without it ended otherwise than by a fault. What the file has already is not tried again.
/// No name: no sweep any more.
void enable(const std::string& file);

/// A barrier of the launch at hand opened.
void reached(int line);

/// Does a launch.
///
/// @param shape its sizes and numbers: launches that differ in none are alike
/// @param work what a launch is, with which the process's own and its copies end in the fault's text or nothing
std::string launch(const std::string& kernel, const std::string& shape, const std::function<std::string()>& work);

}  // namespace standin::sweep
