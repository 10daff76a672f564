/**
 * Completion in bash(1), Programmable Completion. The script of @bomb.sh/tab hands what is typed to
 * `eval`, expands the candidates, needs another package, and completes no file.
 */
export const BASH = `# bash completion for rebaseline: source <(rebaseline complete bash)
_rebaseline() {
  local word line words=() IFS=$'\\n'
  # COMP_WORDBREAKS makes three words of --option=value, and two of @1.
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ \${#words[@]} -gt 0 && ( $word == [=:] || \${words[-1]} == *[=@:] ) ]]; then
      words[-1]+=$word
    else
      words+=("$word")
    fi
  done
  [[ \${#words[@]} -eq 0 ]] && words=('')
  # Only what stands behind the last break is replaced.
  local last=\${COMP_WORDS[COMP_CWORD]}
  [[ $last == [=@:] ]] && last=
  local kept=\${words[-1]%"$last"}
  COMPREPLY=()
  while read -r line; do
    case $line in
      :4) compopt +o default ;;
      :*) ;;
      *)
        line=\${line%%$'\\t'*}
        COMPREPLY+=("\${line#"$kept"}")
        ;;
    esac
  done < <("\${COMP_WORDS[0]}" complete -- "\${words[@]}" 2>/dev/null)
}
complete -o default -F _rebaseline rebaseline
`
