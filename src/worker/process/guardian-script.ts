/**
 * Waits until the worker is gone, which ends its standard input, and then kills what the worker's jobs left behind:
 * their groups, every process with the worker's mark, and all that descend from these. A door, through which a job went
 * into a namespace, has half a second to collect the dead job, as the namespace ends only then; if it was stopped with
 * its job it must go on for that. Works without node, which may be the very thing there is no memory for. Outside Linux
 * there is no /proc, and the groups alone are killed.
 */
export const GUARDIAN_SCRIPT = `
trap '' HUP INT TERM
mark=$1
groups=' '
doors=' '
echo up
while read -r what pid; do
  case $what in
    group) groups="$groups$pid " ;;
    door) doors="$doors$pid " ;;
    forget)
      case $groups in *" $pid "*) groups="\${groups%% "$pid" *} \${groups#* "$pid" }" ;; esac
      case $doors in *" $pid "*) doors="\${doors%% "$pid" *} \${doors#* "$pid" }" ;; esac
      ;;
  esac
done
mine() {
  all="$groups\${doors# }"
  alive=
  for found in $(grep -lsF "$mark" /proc/[0-9]*/environ); do
    found=\${found#/proc/}
    all="$all\${found%/environ} "
  done
  more=1
  while [ -n "$more" ]; do
    more=
    for stat in /proc/[0-9]*/stat; do
      pid=\${stat#/proc/}
      pid=\${pid%/stat}
      case $alive in *" $pid "*) continue ;; esac
      read -r line <"$stat" || continue
      set -- \${line##*) }
      [ -z "$4" ] || [ "$1" = Z ] && continue
      case $all in
        *" $pid "*|*" $2 "*|*" $3 "*|*" $4 "*) all="$all$pid " alive="$alive $pid " more=1 ;;
      esac
    done
  done
}
round=0
calm=0
while [ "$round" -lt 100 ] && [ "$calm" -lt 2 ]; do
  mine
  for group in $groups; do kill -KILL "-$group"; done
  for pid in $alive; do
    case $doors in *" $pid "*) [ "$round" -lt 25 ] && kill -CONT "$pid" && continue ;; esac
    kill -KILL "$pid"
  done
  if [ -z "$alive" ]; then calm=$((calm + 1)); else calm=0; fi
  round=$((round + 1))
  sleep 0.02 || sleep 1
done
`;

/**
 * The first process of a PID namespace: when it ends, the kernel ends everybody else inside. It ends with its standard
 * input. For every line it reads it kills the others and says whether there were any. Orphans become its children, and
 * a shell collects the dead among them when it waits for a child of its own.
 */
export const NAMESPACE_SCRIPT = `
echo up
while read -r _; do
  if kill -KILL -1; then (:); echo some; else echo none; fi
done
`;
