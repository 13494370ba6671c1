/**
 * `stage PATH…` copies files aside with their marks, before they are loaded; `remember` makes that the record of what is
 * loaded. A start loads everything, so it renews the marks of paths that other tasks watch; a reload leaves those.
 * `put_back PATH…` restores what was loaded last, where it differs; it fails where there is nothing to restore.
 */
export const RECORD_SHELL = `
others() {
  [ -f "$d/record" ] || return 0
  sed 1d "$d/record" | while read -r m p; do
    for own; do [ "$p" != "$own" ] || continue 2; done
    printf '%s %s\\n' "$m" "$p"
  done
}
stage() {
  ( umask 077; mkdir -p "$d"; rm -rf "$d/next"; mkdir -p "$d/next/files"; : >"$d/next/marks" )
  for p; do
    printf '%s %s\\n' "$(mark "$p")" "$p" >>"$d/next/marks"
    if { [ -e "$p" ] || [ -L "$p" ]; } && [ "$(du -sk -- "$p" | cut -f 1)" -le 4096 ]; then
      mkdir -p "$d/next/files\${p%/*}"
      case $p in
        */) cp -a -- "$p." "$d/next/files$p" ;;
        *) cp -a -- "$p" "$d/next/files$p" ;;
      esac
    fi
  done
}
remember() {
  verb=$1
  shift
  if [ "$verb" = reload ]; then others "$@" >>"$d/next/marks"
  else others "$@" | while read -r m p; do printf '%s %s\\n' "$(mark "$p")" "$p"; done >>"$d/next/marks"; fi
  { echo "invocation $first"; cat "$d/next/marks"; } >"$d/next/record"
  chmod 600 "$d/next/record"
  for p; do rm -rf "$d/files$p"; done
  ( umask 077; mkdir -p "$d/files" )
  cp -a "$d/next/files/." "$d/files"
  mv -T "$d/next/record" "$d/record"
  rm -rf "$d/next"
}
put_back() {
  restored=
  [ -f "$d/record" ] || return 1
  for p; do
    m=$(sed 1d "$d/record" | while read -r m q; do if [ "$q" = "$p" ]; then echo "$m"; fi; done)
    if [ -z "$m" ] || [ "$(mark "$p")" = "$m" ]; then continue; fi
    case $m in
      absent) rm -rf -- "$p" ;;
      folder:*) [ -d "$d/files$p" ] || continue; mkdir -p -- "$p"; find "$p" -mindepth 1 -delete; cp -a -- "$d/files$p." "$p" ;;
      *) { [ -e "$d/files$p" ] || [ -L "$d/files$p" ]; } || continue; cp -a -- "$d/files$p" "$p.provision-old"; mv -fT -- "$p.provision-old" "$p" ;;
    esac
    restored="$restored $p"
  done
  [ -n "$restored" ]
}`;
