# SPDX-License-Identifier: GPL-2.0
# Completion for fish: kbench itself says what may stand where.

function __kbench_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l current (commandline -ct)
    # The word is as it was typed: "~" is still to become a directory.
    set -l kbench (string replace -r '^~/' "$HOME/" -- $words[1])
    command -q $kbench; or set kbench kbench
    command -q $kbench; or return
    for line in (command $kbench complete $words[2..-1] 2>/dev/null)
        switch $line
            case ':files *' ':directories *'
                set -l prefix (string replace -r '^:\S+ ' '' -- $line)
                set -l start (math 1 + (string length -- "$prefix"))
                for path in (__fish_complete_path (string sub -s $start -- "$current"))
                    printf '%s%s\n' "$prefix" $path
                end
            case '*'
                printf '%s\n' $line
        end
    end
end

complete -c kbench -f -a '(__kbench_complete)'
