# SPDX-License-Identifier: GPL-2.0
# Completion for bash: kbench itself says what may stand where.

_kbench()
{
	local -a words=()
	local i part join='' current lead='' line word rest breaks='' kbench=${COMP_WORDS[0]}

	# The word is as it was typed: "~" is still to become a directory.
	[[ $kbench == '~/'* ]] && kbench=$HOME/${kbench#'~/'}
	type -P -- "$kbench" >/dev/null || kbench=kbench

	# With these bash takes "--target=ssh:pi" for five words, unless the user has it otherwise.
	for i in = :; do
		[[ $COMP_WORDBREAKS == *"$i"* ]] && breaks+=$i
	done
	for ((i = 1; i <= COMP_CWORD; i++)); do
		part=${COMP_WORDS[i]}
		if [[ (-n $join || (-n $part && $breaks == *"${part:0:1}"*)) &&
		      ${#words[@]} -gt 0 ]]; then
			words[-1]+=$part
		else
			words+=("$part")
		fi
		join=
		[[ -n $part && $breaks == *"${part: -1}"* ]] && join=1
	done
	current=${words[-1]}
	# What stands before the last of these is there already.
	[[ -n $breaks && $current == *[$breaks]* ]] && lead=${current%"${current##*[$breaks]}"}

	COMPREPLY=()
	while IFS= read -r line; do
		case $line in
		:files\ * | :directories\ *)
			rest=${line#:* }
			word=${current#"$rest"}
			rest=${rest#"$lead"}
			i=-f
			[[ $line == :directories* ]] && i=-d
			[[ -z $rest ]] && compopt -o filenames 2>/dev/null
			while IFS= read -r part; do
				# bash itself knows no directory behind "--output=".
				[[ -n $rest && -d $part ]] && part+=/ && compopt -o nospace 2>/dev/null
				COMPREPLY+=("$rest$part")
			done < <(compgen "$i" -- "$word")
			;;
		*)
			word=${line%%$'\t'*}
			[[ $word == *[=:] ]] && compopt -o nospace 2>/dev/null
			COMPREPLY+=("${word#"$lead"}")
			;;
		esac
	done < <("$kbench" complete "${words[@]}" 2>/dev/null)
}

complete -F _kbench kbench
