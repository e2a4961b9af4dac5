// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace chronotope::apps {

/// What a page with charts needs in its head: uPlot, and the script that draws every <div class="chart"> by
/// the JSON inside it (see spike_chart). Charts zoom by dragging or turning the wheel, move by dragging with
/// Shift held, show all of it again on a double click, and follow the page's colours, width and theme.
std::string chart_style();
std::string chart_script();

}  // namespace chronotope::apps
