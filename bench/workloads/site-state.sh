# What stands on a host of the site, as root: usage: site-state.sh packages|wanted|units
case $1 in
  packages) dpkg-query -W ;;
  wanted) apt-mark showmanual ;;
  # What is to run after a boot too, and runs now: so without sessions and what came and went.
  units)
    systemctl list-units --type=service,timer,socket --state=active --plain --no-legend | cut -d ' ' -f 1 | sort >/tmp/site-active
    systemctl list-unit-files --type=service,timer,socket --state=enabled --plain --no-legend | cut -d ' ' -f 1 | sort |
      comm -12 - /tmp/site-active
    ;;
esac
