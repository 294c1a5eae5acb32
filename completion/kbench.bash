# SPDX-License-Identifier: GPL-2.0
# Completion for bash: kbench itself says what may stand where.

_kbench()
{
	local -a words=()
	local i part join='' current lead='' line word

	# bash takes "--target=ssh:pi" for five words.
	for ((i = 1; i <= COMP_CWORD; i++)); do
		part=${COMP_WORDS[i]}
		if [[ (-n $join || $part == [=:]*) && ${#words[@]} -gt 0 ]]; then
			words[-1]+=$part
		else
			words+=("$part")
		fi
		join=
		[[ $part == *[=:] ]] && join=1
	done
	current=${words[-1]}
	# What stands before the last of these is there already.
	[[ $current == *[=:]* ]] && lead=${current%"${current##*[=:]}"}

	COMPREPLY=()
	while IFS= read -r line; do
		case $line in
		:files\ * | :directories\ *)
			word=${current#"${line#:* }"}
			i=-f
			[[ $line == :directories* ]] && i=-d
			compopt -o filenames 2>/dev/null
			while IFS= read -r part; do
				COMPREPLY+=("$part")
			done < <(compgen "$i" -- "$word")
			;;
		*)
			word=${line%%$'\t'*}
			[[ $word == *[=:] ]] && compopt -o nospace 2>/dev/null
			COMPREPLY+=("${word#"$lead"}")
			;;
		esac
	done < <("${COMP_WORDS[0]}" complete "${words[@]}" 2>/dev/null)
}

complete -F _kbench kbench
