package main

import (
	"github.com/prometheus/prometheus/model/relabel"
)

type regexpInput struct {
	Source   string   `json:"source"`
	Template string   `json:"template"`
	Texts    []string `json:"texts"`
}

type regexpMatch struct {
	// What each group matched, the whole match first; null: the group took no part.
	Groups   []*string `json:"groups"`
	Expanded string    `json:"expanded"`
	// The text with every match replaced by the template.
	Replaced string `json:"replaced"`
}

type regexpOutput struct {
	Error   string         `json:"error,omitempty"`
	Matches []*regexpMatch `json:"matches,omitempty"`
}

// matchRegexp compiles the expression as a relabel rule's and matches it with each text; null: no match.
func matchRegexp(input regexpInput) any {
	regex, err := relabel.NewRegexp(input.Source)
	if err != nil {
		return regexpOutput{Error: err.Error()}
	}
	matches := make([]*regexpMatch, len(input.Texts))
	for i, text := range input.Texts {
		indexes := regex.FindStringSubmatchIndex(text)
		if indexes == nil {
			continue
		}
		match := regexpMatch{
			Expanded: string(regex.ExpandString(nil, input.Template, text, indexes)),
			Replaced: regex.ReplaceAllString(text, input.Template),
		}
		for at := 0; at < len(indexes); at += 2 {
			if indexes[at] < 0 {
				match.Groups = append(match.Groups, nil)
				continue
			}
			group := text[indexes[at]:indexes[at+1]]
			match.Groups = append(match.Groups, &group)
		}
		matches[i] = &match
	}
	return regexpOutput{Matches: matches}
}

type runesInput struct {
	Source string `json:"source"`
}

// matchRunes lists the runes that the expression matches, as first and last of each range.
func matchRunes(input runesInput) any {
	regex, err := relabel.NewRegexp(input.Source)
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	ranges := [][2]int{}
	for r := 0; r <= 0x10ffff; r++ {
		if r >= 0xd800 && r < 0xe000 || !regex.MatchString(string(rune(r))) {
			continue
		}
		if last := len(ranges) - 1; last >= 0 && ranges[last][1] == r-1 {
			ranges[last][1] = r
		} else {
			ranges = append(ranges, [2]int{r, r})
		}
	}
	return map[string]any{"ranges": ranges}
}

func init() {
	register("regexp", on(matchRegexp))
	register("runes", on(matchRunes))
}
