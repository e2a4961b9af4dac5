// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace chronotope::apps {

/// Hands what was printed to whoever reads it. Throws BrokenPipe when nobody does any more, Failure when it
/// could not be written, now or at an earlier print. A verb whose output may go on for ever calls it often.
void flush_standard_output();

/// Makes sure that the three standard streams are open, so that no file takes the place of a closed one and
/// receives what is said there: diagnostics are dropped, standard output refuses every write, standard input
/// is empty. Without a /dev/null they stay as they are.
void hold_standard_streams();

}  // namespace chronotope::apps
