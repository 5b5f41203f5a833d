package ktrace.system.objects;

import java.util.Arrays;

/** The members of one epoll set, or the sets that one object is a member of. Comes, goes: the same time however many there are. */
final class Memberships {
    private static final Membership[] NONE = {};

    private final boolean ofSet;
    private Membership[] list = NONE;
    private int count;

    Memberships(boolean ofSet) {
        this.ofSet = ofSet;
    }

    int count() {
        return count;
    }

    Membership get(int index) {
        return list[index];
    }

    void add(Membership membership) {
        if (count == list.length) {
            list = Arrays.copyOf(list, Math.max(2, count * 2));
        }
        membership.place(ofSet, count);
        list[count++] = membership;
    }

    void remove(Membership membership) {
        int place = membership.place(ofSet);
        Membership last = list[--count];
        list[count] = null;
        if (last != membership) {
            list[place] = last;
            last.place(ofSet, place);
        }
    }
}
