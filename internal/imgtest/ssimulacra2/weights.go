package ssimulacra2

const (
	maxScales = 6 // 1:1 to 1:32
	channels  = 3 // X, Y, B
)

// The maps of errors, and the norms that each is summed up by.
const (
	structure = iota // 1 − SSIM
	artifact         // edges where the reference is smooth: ringing, blocks, banding
	loss             // smooth where the reference has edges: blur
	maps
)

const (
	mean   = iota // 1-norm
	fourth        // 4-norm, which large errors rule
	norms
)

// tuned are the weights of SSIMULACRA 2.1, as published with the reference (Jon Sneyers, Cloudinary; BSD 3-clause). They were fitted to
// opinions on pictures of CID22, TID2013, KADID-10k and KonFiG-IQA, so they are what the metric is, and cannot be reckoned anew.
// A line is a channel at a scale, from 1:1 on: the means of structure, artifact, loss, then their 4-norms.
var tuned = [channels * maxScales * norms * maps]float64{
	// X
	0, 0.0007376606707406586, 0, 0, 0.0007793481682867309, 0,
	0, 0.0004371155730107379, 0, 1.1041726426657346, 0.00066284834129271, 0.00015231632783718752,
	0, 0.0016406437456599754, 0, 1.8422455520539298, 11.441172603757666, 0,
	0.0007989109436015163, 0.000176816438078653, 0, 1.8787594979546387, 10.94906990605142, 0,
	0.0007289346991508072, 0.9677937080626833, 0, 0.00014003424285435884, 0.9981766977854967, 0.00031949755934435053,
	0.0004550992113792063, 0, 0, 0.0013648766163243398, 0, 0,
	// Y
	0, 0, 0, 7.466890328078848, 0, 17.445833984131262,
	0.0006235601634041466, 0, 0, 6.683678146179332, 0.00037724407979611296, 1.027889937768264,
	225.20515300849274, 0, 0, 19.213238186143016, 0.0011401524586618361, 0.001237755635509985,
	176.39317598450694, 0, 0, 24.43300999870476, 0.28520802612117757, 0.0004485436923833408,
	0, 0, 0, 34.77906344483772, 44.835625328877896, 0,
	0, 0, 0, 0, 0, 0,
	// B
	0, 0.0008680556573291698, 0, 0, 0, 0,
	0, 0.0005313191874358747, 0, 0.00016533814161379112, 0, 0,
	0, 0, 0, 0.0004179171803251336, 0.0017290828234722833, 0,
	0.0020827005846636437, 0, 0, 8.826982764996862, 23.19243343998926, 0,
	95.1080498811086, 0.9863978034400682, 0.9834382792465353, 0.0012286405048278493, 171.2667255897307, 0.9807858872435379,
	0, 0, 0, 0.0005130064588990679, 0, 0.00010854057858411537,
}

// weights gives the weights of a picture of so many scales. The reference takes them one after another, whatever there is: where a picture
// is too small for all six scales, Y has weights that were tuned for X. So does this, as a score of its own would be comparable to none.
type weights struct{ scales int }

func (w weights) at(channel, scale, norm, m int) float64 {
	return tuned[((channel*w.scales+scale)*norms+norm)*maps+m]
}

// need says which maps of a channel have a weight at all.
type need struct{ structure, edges bool }

func (w weights) needed(scale int) (n [channels]need) {
	for c := range n {
		for norm := range norms {
			n[c].structure = n[c].structure || w.at(c, scale, norm, structure) != 0
			n[c].edges = n[c].edges || w.at(c, scale, norm, artifact) != 0 || w.at(c, scale, norm, loss) != 0
		}
	}
	return n
}
